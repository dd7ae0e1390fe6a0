import { HealthRegistry } from './health-registry';

describe('what parts of a process say under one name', () => {
  const said = (...parts: { ok: boolean; reason?: string }[]): unknown => {
    const health = new HealthRegistry();
    for (const part of parts) health.add('log', () => part);
    return health.readiness();
  };

  it('is well when it is for all of them', () => expect(said({ ok: true }, { ok: true })).toEqual({ ready: true, checks: { log: { ok: true } } }));
  it('is not when it is not for one, which says why', () =>
    expect(said({ ok: true }, { ok: false, reason: 'no broker' }, { ok: true })).toEqual({ ready: false, checks: { log: { ok: false, reason: 'no broker' } } }));
  it('has what one has to tell, also when all is well', () =>
    expect(said({ ok: true }, { ok: true, reason: '4 events are parked' })).toEqual({ ready: true, checks: { log: { ok: true, reason: '4 events are parked' } } }));
});
