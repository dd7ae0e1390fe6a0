import 'reflect-metadata';
import type { DeadLetter, DeadLettersTried, RecordedEvent } from '@wami/contracts';
import { worldForEach } from '@wami/testing';
import { FedLog } from '../testing/fed-log';
import { World, type Running } from '../testing/world';

jest.setTimeout(60_000);

type Break = (event: RecordedEvent) => object;
const inData = (data: unknown): Break => () => ({ data });
const inPersonal = (personal: unknown): Break => () => ({ personal });
/** Everything that a transport hands over may be wrong: unknown, blank, of another form, or huge. */
const BREAKS: readonly Break[] = [
  () => ({ type: 'wami.user.blessed.v7' }), () => ({ type: 'wami.user.updated.v9' }), () => ({ type: '' }), () => ({ type: 'x'.repeat(70_000) }),
  () => ({ stream: '' }), () => ({ tenant: '' }), () => ({ subject: '' }), () => ({ time: '' }), () => ({ meta: {} }), () => ({ meta: { actor: '', correlationId: '' } }), () => ({ version: 0 }),
  inData(null), inData([]), inData('text'), inData({}), inData({ tags: null }), inData({ tags: '' }), inData({ tags: { step: '' } }), inData({ path: '' }), inData({ unknown: 1 }), inData({ tags: { step: 'x'.repeat(70_000) } }),
  inPersonal(null), inPersonal([]), inPersonal('text'), inPersonal({ email: '' }), inPersonal({ displayName: '' }), inPersonal({ userName: '' }), inPersonal({ unknown: 1 }), inPersonal({ displayName: 'x'.repeat(70_000) }),
];

describe('assurance test 17: whatever of an event is broken', () => {
  let world: World;
  let log: FedLog;
  let running: Running;
  worldForEach(World.open, async (opened) => {
    world = opened;
    log = new FedLog();
    running = await world.project({ log });
  }, { beforeClose: () => running?.close() });

  let place = 0;
  const event = (type: string, id: string, version: number, data: object, personal: object = {}): RecordedEvent => ({
    type, id: `evt_${id}_${version}`, source: 'identity', stream: id, key: id, version, tenant: 'acme', subject: `arn:wami:iam:acme:wami:local:user/${id}`, data, personal,
    position: `100.${++place}`, time: new Date(Date.UTC(2026, 0, 1) + place * 1000).toISOString(), meta: { actor: 'test', correlationId: 'c' },
  });
  const users = Array.from({ length: 3 * BREAKS.length }, (_, i) => `usr_${String(i).padStart(3, '0')}`);
  const step = async (): Promise<Readonly<Record<string, unknown>>> => {
    const { rows } = await world.pool.query<{ id: string; step: string | null }>(`SELECT id, tags->>'step' AS step FROM projection.resources WHERE kind = 'user'`);
    return Object.fromEntries(rows.map((row) => [row.id, row.step]));
  };
  const letters = async (): Promise<DeadLetter[]> => running.all<DeadLetter>('/v1/dead-letters');
  /** As a subscription does: what failed comes again. */
  async function feed(events: readonly RecordedEvent[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await log.feed(events);
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  it('only that resource waits; the rest is there at once, it is seen with the reason, and taken in, in order, once it can be read', async () => {
    await feed([
      { ...event('wami.tenant.created.v1', 'ten_1', 1, { tenantId: 'ten_1', path: 'acme', name: 'acme', providerAccounts: [], quotas: {}, metadata: {} }), subject: 'arn:wami:iam:acme:wami:local:tenant/ten_1' },
      ...users.map((id) => event('wami.user.created.v1', id, 1, { path: '/', tags: {} }, { userName: id })),
    ]);
    const broken = users.slice(0, BREAKS.length);
    const middle = users.map((id) => event('wami.user.updated.v1', id, 2, { tags: { step: 'first' } }));
    const last = users.map((id) => event('wami.user.updated.v1', id, 3, { tags: { step: 'last' } }));
    const began = performance.now();
    await feed([...middle.map((one, i) => ({ ...one, ...BREAKS[i]?.(one) })), ...last]);
    const seconds = (performance.now() - began) / 1000;

    const [steps, parked] = [await step(), await letters()];
    const keys = new Set(parked.map(({ resource }) => resource));
    expect([...keys].filter((key) => !broken.includes(key))).toEqual([]);
    expect(users.slice(BREAKS.length).map((id) => steps[id])).toEqual(users.slice(BREAKS.length).map(() => 'last'));
    // What can be read was folded, what cannot waits with what is behind it: nothing is passed over.
    expect(broken.map((id) => [id, steps[id]])).toEqual(broken.map((id) => [id, keys.has(id) ? null : 'last']));
    expect(keys.size).toBeGreaterThan(BREAKS.length / 2);
    for (const key of keys) {
      expect(parked.filter(({ resource }) => resource === key).map(({ waiting, reason }) => [waiting, reason === ''])).toEqual([[false, false], [true, false]]);
    }
    console.log(`broken ${BREAKS.length}, parked ${keys.size}, others ${users.length - BREAKS.length}, lost 0, held up ${seconds.toFixed(1)} s at most`);

    for (const one of middle.slice(0, BREAKS.length)) await world.pool.query('UPDATE projection.parked SET event = $2 WHERE id = $1', [one.id, JSON.stringify(one)]);
    expect(await running.post<DeadLettersTried>('/v1/dead-letters/retry')).toEqual({ takenIn: 2 * keys.size, parked: 0 });
    expect(Object.values(await step())).toEqual(users.map(() => 'last'));
    expect(await letters()).toEqual([]);
    expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
  });
});
