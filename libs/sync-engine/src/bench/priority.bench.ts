import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, sized, type BenchFigure } from '@wami/testing';
import { LANES } from '../bindings/binding';
import { DEFAULT_OPTIONS } from '../options';
import { EngineUnderTest, TO_AWS } from '../spec-support/engine-under-test';
import { ACCOUNT } from '../spec-support/identity';
import { WRITES } from '../spec-support/model-cloud';
import { Quota } from '../spec-support/quota';
import { pick } from '../targets/pick';

export interface PriorityOptions {
  /** An empty database. */
  readonly url: string;
}

const DUE = sized(100_000, 2_000);
const SAMPLES = sized(20, 2);
const TENANTS = 10;
/** So many are made at once, and so many of them people's later. */
const CHUNK = 5_000;
const QUOTA = { perSecond: 20, burst: 20, retryAfterMs: 1_000 };
/** What the cloud itself takes for a call. */
const CALL_MS = 20;
const WAIT_MS = 60_000;
const POLL_MS = 10;
/** Until the pace knows the quota. */
const LEARNING_MS = sized(10_000, 500);
const CLAIM = { limit: 192, inHand: 200 };

const MAKE_PEOPLES = `UPDATE sync_aws.engine_bindings SET lane = 0 WHERE resource IN (SELECT resource FROM sync_aws.engine_bindings WHERE lane = 1 AND due_at IS NOT NULL AND NOT claimed LIMIT ${CHUNK})`;

/** How long a person waits, and how long who takes access away, at a target with a slow quota and very much that is due. */
export async function benchPriority({ url }: PriorityOptions): Promise<readonly BenchFigure[]> {
  const test = await EngineUnderTest.open(url);
  try {
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.latency = () => sleep(CALL_MS);
    const quota = new Quota(() => Date.now(), QUOTA);
    test.cloud.fault = ({ api }) => {
      const refuse = WRITES.has(api) ? quota.admit() : undefined;
      return refuse && { refuse };
    };
    await test.start({ options: DEFAULT_OPTIONS });
    const template = await test.identity.user('template');
    await until(() => isIn(test, template, 'Synced'));
    await makeDue(test, template);
    await until(() => Promise.resolve(quota.refused > 0));
    await sleep(LEARNING_MS);
    const people = await samples((i) => test.identity.user(`person-${i}`), (user) => isIn(test, user, 'Synced'));
    await test.pool.query(MAKE_PEOPLES);
    const ids = [...people.ids];
    const leavers = await samples(async (i) => {
      await test.identity.deleteUser(ids[i] ?? '');
      return ids[i] ?? '';
    }, (user) => isGone(test, user));
    return [...figuresOf('a person’s change behind a sweep', people.ms), ...figuresOf(`access taken away behind ${Math.min(DUE, CHUNK)} of people’s changes`, leavers.ms), await claimFigure(test)];
  } finally {
    await test.close();
  }
}

/** In parts, each of which a statement has time for. */
async function makeDue(test: EngineUnderTest, template: string): Promise<void> {
  const id = `'usr_' || lpad(i::text, 26, '0')`;
  for (let from = 1; from <= DUE; from += CHUNK) {
    const among = [template, from, Math.min(DUE, from + CHUNK - 1)];
    await test.pool.query(`INSERT INTO sync_aws.engine_resources SELECT n.* FROM sync_aws.engine_resources r, generate_series($2::int, $3::int) AS i,
      LATERAL jsonb_populate_record(r, jsonb_build_object('id', ${id}, 'document', r.document || jsonb_build_object('userName', 'due-' || i))) AS n WHERE r.id = $1`, among);
    await test.pool.query(`INSERT INTO sync_aws.engine_bindings SELECT n.* FROM sync_aws.engine_bindings b, generate_series($2::int, $3::int) AS i,
      LATERAL jsonb_populate_record(b, jsonb_build_object('resource', ${id}, 'tenant', 'acme/t' || i % ${TENANTS},
        'stream_version', 0, 'lane', 1, 'due_at', $4::bigint, 'claimed', false, 'state', 'Pending', 'presence', NULL)) AS n WHERE b.resource = $1`, [...among, Date.now()]);
  }
  await test.pool.query('ANALYZE sync_aws.engine_bindings');
}

async function samples(begin: (index: number) => Promise<string>, done: (user: string) => Promise<boolean>): Promise<{ ms: number[]; ids: string[] }> {
  const [ms, ids]: [number[], string[]] = [[], []];
  for (let i = 0; i < SAMPLES; i++) {
    const began = performance.now();
    const id = await begin(i);
    await until(() => done(id));
    ms.push(performance.now() - began);
    ids.push(id);
    await sleep(100);
  }
  return { ms, ids };
}

const isIn = async (test: EngineUnderTest, user: string, state: string): Promise<boolean> => (await test.stateOf(user)) === state;
const isGone = async (test: EngineUnderTest, user: string): Promise<boolean> =>
  (await test.pool.query('SELECT 1 FROM sync_aws.engine_bindings WHERE account = $1 AND resource = $2 AND state = $3', [ACCOUNT, user, 'Gone'])).rowCount === 1;

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + WAIT_MS; !(await holds());) {
    if (performance.now() > end) throw new Error(`not so within ${WAIT_MS / 1000} s`);
    await sleep(POLL_MS);
  }
}

/** What it takes to find and lock the next bindings of so many. */
async function claimFigure(test: EngineUnderTest): Promise<BenchFigure> {
  const db = test.engineDatabase();
  const inHand = Array.from({ length: CLAIM.inHand }, (_, i) => `usr_other-${i}`);
  const ms: number[] = [];
  for (let i = 0; i < 20; i++) {
    await db.transaction(async (client) => {
      const began = performance.now();
      await pick(client, db, { account: ACCOUNT, now: Date.now(), limit: CLAIM.limit, inHand, lanes: LANES, shareOfLane1: 38, after: 'acme/t4' });
      ms.push(performance.now() - began);
    });
  }
  return { name: `one claim of ${CLAIM.limit} among them`, value: percentile(ms, 0.5), unit: 'ms', detail: `p95 ${percentile(ms, 0.95).toFixed(1)} ms; ${DUE} due, ${TENANTS} tenants` };
}

function figuresOf(what: string, ms: readonly number[]): BenchFigure[] {
  const detail = `${DUE} due, ${QUOTA.perSecond} writes a second, ${CALL_MS} ms a call`;
  return [{ name: `${what}, p50`, value: percentile(ms, 0.5), unit: 'ms', detail }, { name: `${what}, max`, value: Math.max(...ms), unit: 'ms', detail }];
}
