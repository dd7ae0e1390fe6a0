import { worldForAll } from '@wami/testing';
import { create, update } from './spec-support/appends';
import { TestStores } from './spec-support/test-store';
import { adoptRestoredStore } from './restored';
import { inTransaction } from './transaction';

jest.setTimeout(60_000);

let stores: TestStores;
worldForAll(TestStores.on, (opened) => {
  stores = opened;
});

/** As after a logical dump of a cluster that had run for long: the rows are here, their transactions lie in the future. */
async function restored() {
  const fresh = await stores.fresh();
  for (let i = 0; i < 5; i++) await fresh.store.append(create(`usr_${i}`));
  await fresh.pool.query(`UPDATE ${fresh.schema}.events SET tx = (tx::text::bigint + 5000000000)::text::xid8`);
  await fresh.pool.query(`UPDATE ${fresh.schema}.heads SET tx = (tx::text::bigint + 5000000000)::text::xid8`);
  return fresh;
}

it('a store out of a logical dump hides its history, so it is not opened; the message names the remedy', async () => {
  const { store, schema, pool } = await restored();
  const visible = await store.readLog('0.0', 10);
  process.stdout.write(`restored dump: events visible ${visible.events.length} of 5\n`);
  expect(visible.events).toEqual([]);
  await expect(stores.open(schema, pool)).rejects.toMatchObject({ code: 'RestoredElsewhere', message: expect.stringContaining('wami admin restore --in-place') });
});

it('is readable again once adopted: same events, same order, another epoch, and it goes on', async () => {
  const { store, schema, pool } = await restored();
  await inTransaction(pool, (client) => adoptRestoredStore(client, schema));
  const again = await stores.open(schema, pool);
  const { events } = await again.readLog('0.0', 10);
  process.stdout.write(`restored dump: events visible after the remedy ${events.length} of 5\n`);
  expect(events.map(({ stream }) => stream)).toEqual(['usr_0', 'usr_1', 'usr_2', 'usr_3', 'usr_4']);
  expect(again.epoch).not.toBe(store.epoch);
  await again.append(update('usr_0', 1));
  const rest = await again.readLog(events.at(-1)?.position ?? '', 10);
  expect(rest.events.map(({ stream, version }) => `${stream} ${version}`)).toEqual(['usr_0 2']);
});
