import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '@wami/testing';
import { Client } from 'pg';
import type { Installation } from './installation';

/** Something that goes wrong while people work. */
export interface RealFault {
  readonly name: string;
  /** The database needs a disk of its own for it. */
  readonly needsSmallDisk?: true;
  /** Begins it; resolves with what ends it. `seconds`: how long it lasts where it is not over by itself. */
  begin(installation: Installation, seconds: number): Promise<() => Promise<void>>;
  /** Once it was seen that all goes on. */
  after?(installation: Installation): Promise<void>;
}

const HOUR_MS = 3_600_000;

const killed = (of: (installation: Installation) => ServiceProcess): RealFault['begin'] => async (installation) => {
  const service = of(installation);
  await service.kill9();
  return async () => {
    service.start();
    await service.ready();
  };
};

/** Nobody starts it again until the other one has shown that it took over. */
const leftToTheOther = (index: 0 | 1): Pick<RealFault, 'begin' | 'after'> => ({
  async begin({ syncs: { [index]: service } }) {
    await service.kill9();
    return () => Promise.resolve();
  },
  async after({ syncs: { [index]: service } }) {
    service.start();
    await service.ready();
  },
});

const lasting = (begin: (installation: Installation) => void, end: (installation: Installation) => void): RealFault['begin'] => async (installation, seconds) => {
  begin(installation);
  await sleep(seconds * 1000);
  return () => {
    end(installation);
    return Promise.resolve();
  };
};

const calm = ({ witness: { sandbox: { faults } } }: Installation): void => faults.reset();

/** In the order in which they are tried. */
export const REAL_FAULTS: readonly RealFault[] = [
  { name: 'nothing (control)', begin: () => Promise.resolve(() => Promise.resolve()) },
  { name: 'identity killed (SIGKILL) and started again', begin: killed(({ wami }) => wami.identity) },
  { name: 'projection killed and started again', begin: killed(({ wami }) => wami.projection) },
  { name: 'first of two sync services killed, the other takes over', ...leftToTheOther(0) },
  { name: 'second of two sync services killed, the other takes over', ...leftToTheOther(1) },
  {
    name: 'every service killed at once and started again',
    async begin({ wami, syncs }) {
      const services = [wami.identity, wami.projection, ...syncs];
      await Promise.all(services.map((service) => service.kill9()));
      return async () => {
        for (const service of services) service.start();
        await Promise.all(services.map((service) => service.ready()));
      };
    },
  },
  {
    name: 'PostgreSQL killed and started again',
    async begin({ wami: { postgres } }) {
      await postgres.kill9();
      return () => postgres.restart();
    },
  },
  {
    name: 'Kafka killed and started again',
    async begin({ wami: { kafka } }) {
      await kafka?.kill();
      return () => kafka?.restart() ?? Promise.resolve();
    },
  },
  { name: 'cloud answers every call with 500', begin: lasting(({ witness: { sandbox } }) => sandbox.faults.set({ errors: 1 }), calm) },
  { name: 'cloud throttles half of all calls', begin: lasting(({ witness: { sandbox } }) => sandbox.faults.set({ throttle: 0.5 }), calm) },
  { name: 'cloud slow: 1 to 3 s a call', begin: lasting(({ witness: { sandbox } }) => sandbox.faults.set({ latencyMs: [1_000, 3_000] }), calm) },
  { name: 'cloud loses every tenth answer', begin: lasting(({ witness: { sandbox } }) => sandbox.faults.set({ lostAnswers: 0.1 }), calm) },
  { name: 'cloud shows what is new after 3 s', begin: lasting(({ witness: { sandbox } }) => sandbox.faults.set({ eventualConsistencyMs: 3_000 }), calm) },
  { name: 'cloud rejects the credentials', begin: lasting(({ witness: { sandbox } }) => sandbox.faults.set({ credentials: 'rejected' }), calm) },
  { name: 'clock of one sync service an hour ahead, then an hour behind, then right', begin: jumps },
  { name: 'disk of PostgreSQL full; it is started again where it gave up', needsSmallDisk: true, begin: fullDisk, after: allReady },
];

const FILL_AGAIN_MS = 100;

/** What is freed meanwhile is taken as well. */
async function fullDisk({ disk, expected, wami: { postgres } }: Installation, seconds: number): Promise<() => Promise<void>> {
  if (disk === undefined) throw new Error('this installation has no small disk');
  const before = expected.unavailable;
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    disk.fill();
    await sleep(FILL_AGAIN_MS);
  }
  if (expected.unavailable === before) throw new Error('no command was refused: the disk was never full');
  return async () => {
    disk.relieve();
    if (await isGone(postgres.url)) await postgres.restart();
  };
}

/** A server that recovers by itself is not gone. */
async function isGone(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** None of them ended. */
async function allReady({ wami: { all }, syncs }: Installation): Promise<void> {
  await Promise.all([...all, ...syncs].map((service) => service.ready()));
}

async function jumps(installation: Installation, seconds: number): Promise<() => Promise<void>> {
  for (const offset of [HOUR_MS, -HOUR_MS]) {
    installation.setClock(offset);
    await sleep((seconds * 1000) / 2);
  }
  return () => {
    installation.setClock(0);
    return Promise.resolve();
  };
}
