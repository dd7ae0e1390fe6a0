import { membershipId } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { spawnIdentity, type IdentityProcess } from '../testing/identity-process';
import { IdentityWorld, MASTER_KEY, PEPPER, SERVICE_TOKEN, TOKEN } from '../testing/identity-world';

jest.setTimeout(120_000);

const MEMBERS = 30;

describe('housekeeping of a process that is killed', () => {
  let url: string;
  let world: IdentityWorld;
  let service: IdentityProcess | undefined;
  worldForAll(IdentityWorld.start, async (started, database) => {
    [world, url] = [started, database];
    await world.stopApp();
  }, { beforeClose: () => service?.kill() });

  const start = async (): Promise<void> => {
    service = await spawnIdentity({ WAMI_DATABASE_URL: url, WAMI_ADMIN_TOKEN: TOKEN, WAMI_KEY_PEPPER: PEPPER.reveal(), WAMI_SERVICE_TOKEN: SERVICE_TOKEN.reveal(), WAMI_MASTER_KEY: MASTER_KEY.reveal().toString('base64') });
    world.url = service.url;
  };

  it('is gone on with by the next one: every relation is removed, once', async () => {
    await start();
    await world.create('tenants', { id: 'acme', name: 'Acme' });
    const group = await world.create('groups', { tenant: 'acme', groupName: 'g' });
    const users = await Promise.all(Array.from({ length: MEMBERS }, (_, i) => world.create('users', { tenant: 'acme', userName: `u${i}` })));
    for (const user of users) await world.call('PUT', `/v1/groups/${group}/members/${user}`);

    // From the tenth removal on PostgreSQL does not come back in time, so that the kill hits a task that is taken.
    await world.pool.query(`CREATE FUNCTION identity.hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.type = 'wami.membership.removed.v1' AND (SELECT count(*) FROM identity.events WHERE type = NEW.type) >= 10 THEN PERFORM pg_sleep(25); END IF;
      RETURN NEW; END $$`);
    await world.pool.query('CREATE TRIGGER hang BEFORE INSERT ON identity.events FOR EACH ROW EXECUTE FUNCTION identity.hang()');
    const removed = async (): Promise<number> => (await world.pool.query(`SELECT 1 FROM identity.events WHERE type = 'wami.membership.removed.v1'`)).rowCount ?? 0;
    await world.call('DELETE', `/v1/groups/${group}`);
    // Removals that were stored in one statement hang together, so fewer than ten may be there.
    await eventually(async () => (await removed()) > 0, { describe: 'the work began' });
    await eventually(hanging, { describe: 'the task is in flight' });
    await service?.kill();
    await world.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wami-identity'`);
    await world.pool.query('DROP TRIGGER hang ON identity.events');
    expect(await removed()).toBeLessThan(MEMBERS);

    await start();
    await eventually(async () => (await removed()) === MEMBERS, { describe: 'all relations are removed' });
    for (const user of users) expect((await world.store.readStream(membershipId(group, user))).map(({ version }) => version)).toEqual([1, 2]);
    await eventually(async () => (await world.pool.query('SELECT 1 FROM identity.housekeeping_tasks')).rowCount === 0, { describe: 'no task is left' });
    expect(await service?.terminate()).toBe(0);
  });

  async function hanging(): Promise<boolean> {
    return (await world.pool.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'wami-identity' AND wait_event = 'PgSleep'`)).rowCount !== 0;
  }
});
