import type { Checkpoint, LogVerdict } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { create, update } from '../spec-support/appends';
import { TestStores } from '../spec-support/test-store';
import { sealNext } from './sealer';
import { verifyLog } from './verify-log';

jest.setTimeout(60_000);

let stores: TestStores;
worldForAll(TestStores.on, (opened) => {
  stores = opened;
});

const KEY = Buffer.alloc(32, 'a key of nobody in the database');
const source = 'identity';
const PAGE = 4;

/** Ten events, sealed in pages of four. */
async function sealed() {
  const { store, pool, schema } = await stores.fresh();
  for (let i = 0; i < 9; i++) await store.append(create(`usr_${i}`));
  await store.append(update('usr_0', 1));
  while (await sealNext({ pool, schema, source, key: KEY }, PAGE) > 0);
  const verify = (checkpoint?: Checkpoint): Promise<LogVerdict> => verifyLog(pool, { schema, source, key: KEY, ...(checkpoint ? { checkpoint } : {}) });
  return { store, pool, schema, verify };
}

it('a log that was sealed is whole, and what comes after the newest seal is told as unsealed', async () => {
  const { store, schema, pool, verify } = await sealed();
  const { checkpoint, ...whole } = await verify();
  expect(whole).toEqual({ source, seals: 3, events: 10, unsealed: 0, problems: [] });
  await store.append(update('usr_1', 1));
  expect(await verify(checkpoint)).toMatchObject({ seals: 3, unsealed: 1, problems: [] });
  expect(await sealNext({ pool, schema, source, key: KEY }, PAGE)).toBe(1);
  expect(await verify(checkpoint)).toMatchObject({ seals: 4, events: 11, unsealed: 0, problems: [] });
});

it('nothing is sealed that an open transaction may come before', async () => {
  const { store, pool, schema } = await stores.fresh();
  const older = await pool.connect();
  await older.query('BEGIN');
  await store.appendIn(older, [create('usr_older')]);
  await store.append(create('usr_newer'));
  expect(await sealNext({ pool, schema, source, key: KEY }, PAGE)).toBe(0);
  await older.query('COMMIT');
  older.release();
  expect(await sealNext({ pool, schema, source, key: KEY }, PAGE)).toBe(2);
  expect(await verifyLog(pool, { schema, source, key: KEY })).toMatchObject({ events: 2, problems: [] });
});

const everything = 'TRUNCATE $.events, $.seals';
/** What the owner of the tables can do, none of which a rule of the database hinders. */
const TAMPERING: readonly (readonly [string, string, RegExp])[] = [
  ['edits', `UPDATE $.events SET data = data || '{"admin": true}' WHERE stream_id = 'usr_5'`, /are not those that were sealed \(4 were, 4 are there\)/],
  ['deletes', `DELETE FROM $.events WHERE stream_id = 'usr_5'`, /\(4 were, 3 are there\)/],
  ['adds one in the past', `INSERT INTO $.events SELECT 100000 + position, tx, tenant, 'usr_forged', 1, 'evt_forged', type, schema_v, key, subject, data, personal, meta, recorded_at FROM $.events WHERE stream_id = 'usr_1'`, /\(4 were, 5 are there\)/],
  ['reorders', `UPDATE $.events SET position = position + CASE stream_id WHEN 'usr_4' THEN 1000 ELSE 0 END; UPDATE $.events e SET tx = o.tx FROM $.events o WHERE (e.stream_id, o.stream_id) = ('usr_4', 'usr_5')`, /are not those that were sealed/],
  ['moves one and keeps the order', `UPDATE $.events SET position = position + 100000 WHERE stream_id = 'usr_5'`, /are not those that were sealed \(4 were, 4 are there\)/],
  ['truncates', 'TRUNCATE $.events', /\(4 were, 0 are there\)/],
  ['truncates the seals too', everything, /the log ends before seal 3/],
  ['cuts off the end, seals and all', `DELETE FROM $.events WHERE (tx, position) > (SELECT tx, position FROM $.seals WHERE number = 2); DELETE FROM $.seals WHERE number = 3`, /the log ends before seal 3/],
  ['forges a seal', `UPDATE $.events SET data = '{}' WHERE stream_id = 'usr_8'; UPDATE $.seals SET digest = 'forged' WHERE number = 3`, /seal 3 was not made with this key/],
  ['removes a seal', 'DELETE FROM $.seals WHERE number = 2', /seals 2 to 2 are missing/],
];

it('the owner of the tables tampers with the log, and it shows', async () => {
  let detected = 0;
  for (const [what, sql, told] of TAMPERING) {
    const { pool, schema, verify } = await sealed();
    const { checkpoint } = await verify();
    await pool.query(sql.replaceAll('$.', `${schema}.`));
    const { problems } = await verify(checkpoint);
    expect([what, problems.join('; ')]).toEqual([what, expect.stringMatching(told)]);
    detected++;
  }
  const { schema, pool, verify } = await sealed();
  const { checkpoint } = await verify();
  const anew = Buffer.alloc(32, 'another key');
  await pool.query(`DELETE FROM ${schema}.seals`);
  while (await sealNext({ pool, schema, source, key: anew }, PAGE) > 0);
  expect((await verifyLog(pool, { schema, source, key: anew, ...(checkpoint ? { checkpoint } : {}) })).problems.join()).toMatch(/seal 3 is not the one that was noted elsewhere/);
  process.stdout.write(`tampered with: detected ${detected + 1} of ${TAMPERING.length + 1}\n`);
});

