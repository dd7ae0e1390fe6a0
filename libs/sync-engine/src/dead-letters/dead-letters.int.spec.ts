import type { RecordedSyncDeadLetterEvent } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { silentLogger } from '../logger';
import { EngineUnderTest, TO_AWS } from '../spec-support/engine-under-test';
import type { SyncEngine } from '../start-sync-engine';

jest.setTimeout(120_000);

type Report = RecordedSyncDeadLetterEvent['data'];
/** The engine's table refuses what a fold would write: the event is fine, and taking it in fails. */
const INDIGESTIBLE = `
  CREATE OR REPLACE FUNCTION sync_aws.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.document->'tags' ? 'poison' THEN RAISE EXCEPTION 'indigestible'; END IF; RETURN NEW; END $$;
  CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON sync_aws.engine_resources FOR EACH ROW EXECUTE FUNCTION sync_aws.refuse()`;

describe('what an engine cannot take in', () => {
  let test: EngineUnderTest;
  let engine: SyncEngine;
  let lines: object[];
  worldForEach(EngineUnderTest.open, async (opened) => {
    test = opened;
    await test.identity.tenant('acme', TO_AWS);
    lines = [];
    engine = await test.start({ logger: { ...silentLogger, error: (fields) => void lines.push(fields) } });
  });

  const reports = async (): Promise<Report[]> => (await test.outcomes()).filter(({ type }) => type === 'wami.sync.dead-letter-reported.v1').map(({ data }) => data as Report);
  const told = (...last: object[]): Promise<unknown> => eventually(async () => expect((await reports()).slice(-last.length)).toMatchObject(last));
  const step = (name: string): string | undefined => test.cloud.users().find((user) => user.name === name)?.tags['step'];
  const isAt = (name: string, at: string): Promise<unknown> => eventually(() => expect(step(name)).toBe(at));
  const cured = (): Promise<unknown> => test.pool.query('DROP TRIGGER refuse ON sync_aws.engine_resources');
  /** Ann's first edit cannot be folded; her next waits behind it, and another user's does not. */
  const poisoned = async (next: Record<string, string | null> = { step: 'after' }): Promise<{ ann: string; event: string }> => {
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    await test.pool.query(INDIGESTIBLE);
    await test.identity.patchUser(ann, { tags: { poison: 'yes' } });
    await test.identity.patchUser(bob, { tags: { step: 'fine' } });
    await isAt('bob', 'fine');
    await told({ resource: ann, state: 'parked' });
    await test.identity.patchUser(ann, { tags: next });
    await told({ resource: ann, attempts: 1 }, { resource: ann, attempts: 0 });
    return { ann, event: (await reports())[0]?.event ?? '' };
  };

  it('is parked with the reason where its fold fails again and again, with the later events of its key; all else flows on, and once the cause is gone it is tried again in its order', async () => {
    const { ann, event } = await poisoned();
    expect(await reports()).toEqual([
      { provider: 'aws', event, type: 'wami.user.updated.v1', tenant: 'acme', resource: ann, state: 'parked', reason: expect.stringContaining('indigestible') as string, attempts: 1 },
      expect.objectContaining({ resource: ann, state: 'parked', reason: 'an earlier event of the same key is parked', attempts: 0 }),
    ]);
    expect([step('ann'), engine.health().ok]).toEqual([undefined, true]);
    expect(lines).toContainEqual({ event, type: 'wami.user.updated.v1', tenant: 'acme', resource: ann, correlation: 'req_1', reason: expect.stringContaining('indigestible') as string });
    const carl = await test.identity.user('carl');
    await eventually(async () => expect(await test.stateOf(carl)).toBe('Synced'));
    await test.identity.ofParked('retry', { provider: 'aws', event });
    await told({ event, state: 'parked', attempts: 2 });
    await test.identity.ofParked('retry', { provider: 'gcp' });
    await cured();
    await test.identity.ofParked('retry');
    await told({ event, state: 'taken-in', attempts: 3 }, { resource: ann, state: 'taken-in' });
    await isAt('ann', 'after');
    expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_parked')).rowCount).toBe(0);
    await test.identity.patchUser(ann, { tags: { step: 'open again' } });
    await isAt('ann', 'open again');
    expect(await reports()).toHaveLength(5);
  });

  it('is parked once more where a log that is read again brings it and it is refused again', async () => {
    const { event } = await poisoned();
    await cured();
    await test.identity.ofParked('retry');
    await told({ event, state: 'taken-in' }, { state: 'taken-in' });
    await test.stop();
    await test.pool.query(`DELETE FROM sync_aws.checkpoints; ${INDIGESTIBLE}`);
    engine = await test.start();
    // The request is read again, too, and has it tried once more.
    await eventually(async () => expect((await reports()).filter(({ state }) => state === 'parked').map((one) => one.event).slice(0, 4)).toEqual([event, expect.anything(), event, expect.anything()]));
    await eventually(() => expect(engine.health().ok).toBe(true));
  });

  it('is left out for good where an operator skips it: what waits behind it goes on, and it does not come back with a log that is read again', async () => {
    const { ann, event } = await poisoned({ step: 'after', poison: null });
    await test.identity.ofParked('skip', { provider: 'aws', event: 'evt_unknown', reason: 'a slip' });
    await test.identity.ofParked('skip', { provider: 'aws', event, reason: 'nobody needs it' });
    await isAt('ann', 'after');
    await told({ event, state: 'skipped', reason: expect.stringContaining('indigestible') as string, by: 'admin', why: 'nobody needs it' }, { resource: ann, state: 'taken-in' });
    await test.identity.ofParked('skip', { provider: 'aws', event, reason: 'once more' });
    await test.stop();
    await test.pool.query('DELETE FROM sync_aws.checkpoints');
    await test.start();
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    const dora = await test.identity.user('dora');
    await eventually(async () => expect(await test.stateOf(dora)).toBe('Synced'));
    expect(await reports()).toHaveLength(4);
    expect((await test.pool.query<{ id: string }>('SELECT id FROM sync_aws.engine_parked WHERE skipped_at IS NOT NULL')).rows).toEqual([{ id: event }]);
  });

  it('is tried by a release that knows it, when that asks; of what an earlier release put aside without names it only says what to do', async () => {
    const ann = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    await test.stop();
    await test.identity.patchUser(ann, { tags: { step: 'known' } });
    await test.pool.query(`UPDATE identity.events SET type = 'wami.user.blessed.v7' WHERE stream_id = $1 AND version = 2`, [ann]);
    engine = await test.start();
    await told({ type: 'wami.user.blessed.v7', state: 'parked', reason: expect.stringContaining('does not know') as string });
    await test.pool.query(`UPDATE sync_aws.engine_parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"')`);
    await test.pool.query(`INSERT INTO sync_aws.engine_parked (id, key, stream, version, problem, whole, event)
      SELECT 'evt_old', 'usr_old', 'usr_old', 1, 'unknown', false, event || '{"id": "evt_old", "key": "usr_old", "stream": "usr_old", "personal": {}}' FROM sync_aws.engine_parked`);
    engine.tryParkedAgain();
    await isAt('ann', 'known');
    await told({ event: 'evt_old', state: 'parked', reason: expect.stringContaining('wami sync repair') as string });
    expect((await test.pool.query(`SELECT id FROM sync_aws.engine_parked`)).rows).toEqual([{ id: 'evt_old' }]);
  });

  it('assurance test 17: whatever of an event is broken, only that resource waits', async () => {
    const BREAKS = [
      `type = 'wami.user.blessed.v7'`, `type = ''`, `data = 'null'`, `data = '[]'`, `data = '"text"'`, `data = '{"changes": null}'`, `data = jsonb_build_object('tags', repeat('x', 70000))`,
      `personal = 'null'`, `personal = '[]'`, `personal = '{"email": ""}'`, `personal = '{"unknown": 1}'`, `tenant = ''`, `subject = ''`, `data = data || '{"tags": null}'`, `data = data || '{"tags": ""}'`,
    ];
    const users = await Promise.all(Array.from({ length: 3 * BREAKS.length }, (_, i) => test.identity.user(`user${i}`)));
    await eventually(async () => expect(await test.states()).toEqual({ Synced: users.length }));
    await test.stop();
    for (const user of users) await test.identity.patchUser(user, { tags: { step: 'first' } });
    const broken = users.slice(0, BREAKS.length);
    for (const [i, user] of broken.entries()) await test.pool.query(`UPDATE identity.events SET ${BREAKS[i] ?? ''} WHERE stream_id = $1 AND version = 2`, [user]);
    for (const user of users) await test.identity.patchUser(user, { tags: { step: 'last' } });
    const began = performance.now();
    await test.start();
    const others = users.slice(BREAKS.length).map((_, i) => `user${i + BREAKS.length}`);
    await eventually(() => expect(others.map(step)).toEqual(others.map(() => 'last')));
    const seconds = (performance.now() - began) / 1000;
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    const { rows } = await test.pool.query<{ key: string }>('SELECT DISTINCT key FROM sync_aws.engine_parked');
    const parked = rows.map(({ key }) => key);
    console.log(`broken ${BREAKS.length}, parked ${parked.length}, others ${others.length}, lost 0, held up ${seconds.toFixed(1)} s at most`);
    expect(parked.filter((key) => !broken.includes(key))).toEqual([]);
    expect(parked.length).toBeGreaterThan(BREAKS.length / 2);
    for (const [i, user] of broken.entries()) expect([BREAKS[i], parked.includes(user) ? undefined : 'last']).toEqual([BREAKS[i], step(`user${i}`)]);
  });
});
