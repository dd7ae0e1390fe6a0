import { eventually, worldForAll } from '@wami/testing';
import type { Pool } from 'pg';
import { close, create, key, update } from '../spec-support/appends';
import { TestStores, refusal } from '../spec-support/test-store';

jest.setTimeout(60_000);

let stores: TestStores;
worldForAll(TestStores.on, (opened) => {
  stores = opened;
});

/** Resolves when a connection of the database waits for a lock. */
async function somebodyWaits(pool: Pool): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await pool.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    if (!rowCount) throw new Error('nobody waits for a lock');
  });
}

describe('a reference', () => {
  it('needs a stream that exists and is open', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_1'));
    await store.append(create('grp_1'));
    await store.append(create('mem_1', { references: ['usr_1', 'grp_1'] }));
    expect(await refusal(store.append(create('mem_2', { references: ['usr_1', 'grp_2'] })))).toEqual({ code: 'ReferenceGone', stream: 'grp_2' });
    await store.append(close('usr_1', 1));
    expect(await refusal(store.append(create('mem_3', { references: ['grp_1', 'usr_1'] })))).toEqual({ code: 'ReferenceGone', stream: 'usr_1' });
  });

  it('that is being made holds back the closing of its ends', async () => {
    const { store, pool } = await stores.fresh();
    await store.append(create('usr_1'));
    const client = await pool.connect();
    await client.query('BEGIN');
    await store.appendIn(client, [create('mem_1', { references: ['usr_1'] })]);
    const closing = store.append(close('usr_1', 1));
    await somebodyWaits(pool);
    await client.query('COMMIT');
    client.release();
    await closing;
    const log = await store.readLog('0.0', 10);
    expect(log.events.map(({ stream, version }) => `${stream} ${version}`)).toEqual(['usr_1 1', 'mem_1 1', 'usr_1 2']);
  });

  it.each([['COMMIT', { code: 'ReferenceGone', stream: 'usr_1' }], ['ROLLBACK', 'not refused']])('waits for a closing of its end (%s)', async (end, answer) => {
    const { store, pool } = await stores.fresh();
    await store.append(create('usr_1'));
    const client = await pool.connect();
    await client.query('BEGIN');
    await store.appendIn(client, [close('usr_1', 1)]);
    const referring = refusal(store.append(create('mem_1', { references: ['usr_1'] })));
    await somebodyWaits(pool);
    await client.query(end);
    client.release();
    expect(await referring).toEqual(answer);
  });

  it('does not hold back changes of its end, nor other references', async () => {
    const { store, pool } = await stores.fresh();
    await store.append(create('usr_1'));
    const client = await pool.connect();
    await client.query('BEGIN');
    await store.appendIn(client, [create('mem_1', { references: ['usr_1'] })]);
    await store.append(update('usr_1', 1));
    await store.append(create('mem_2', { references: ['usr_1'] }));
    await client.query('COMMIT');
    client.release();
  });

  it('may be made to a closed stream that was opened again', async () => {
    const { store } = await stores.fresh();
    await store.append(create('mem_1'));
    await store.append(close('mem_1', 1));
    await store.append(update('mem_1', 2));
    await store.append(create('x_1', { references: ['mem_1'] }));
  });
});

describe('a tenant', () => {
  const remove = close('ten_1', 1, { tenant: 'acme', requiresEmptyTenant: 'acme' });

  it('is closed only when nothing open is in it or below it', async () => {
    const { store } = await stores.fresh();
    await store.append(create('ten_1'));
    await store.append(create('ten_other', { tenant: 'acme-two' }));
    await store.append(create('usr_1', { tenant: 'acme/engineering' }));
    expect(await refusal(store.append(remove))).toEqual({ code: 'TenantNotEmpty', tenant: 'acme' });
    await store.append(close('usr_1', 1, { tenant: 'acme/engineering' }));
    await store.append(create('usr_2'));
    expect(await refusal(store.append(remove))).toEqual({ code: 'TenantNotEmpty', tenant: 'acme' });
    await store.append(close('usr_2', 1));
    await store.append({ ...remove, idempotency: key('remove') });
    expect(await store.append({ ...remove, idempotency: key('remove') })).toMatchObject({ outcome: 'repeated', version: 2 });
  });

  it('is not closed while a transaction adds to it', async () => {
    const { store, pool } = await stores.fresh();
    await store.append(create('ten_1'));
    const client = await pool.connect();
    await client.query('BEGIN');
    await store.appendIn(client, [create('usr_1', { references: ['ten_1'] })]);
    const removing = refusal(store.append(remove));
    await somebodyWaits(pool);
    await client.query('COMMIT');
    client.release();
    expect(await removing).toEqual({ code: 'TenantNotEmpty', tenant: 'acme' });
  });

  it('racing with what is added to it: either is refused, never neither', async () => {
    const { store, schema } = await stores.fresh();
    const other = await stores.open(schema);
    for (let i = 0; i < 20; i++) {
      const tenant = `t${i}`;
      await store.append(create(`ten_${i}`, { tenant }));
      const [removed, added] = await Promise.all([
        refusal(store.append(close(`ten_${i}`, 1, { tenant, requiresEmptyTenant: tenant }))),
        refusal(other.append(create(`usr_${i}`, { tenant, references: [`ten_${i}`] }))),
      ]);
      expect([removed, added].filter((answer) => answer === 'not refused')).toHaveLength(1);
    }
  });
});
