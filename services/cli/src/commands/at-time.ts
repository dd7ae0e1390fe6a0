import type { Client } from '../api/client';
import { STRONG } from '../api/client';
import type { Actual } from '../declaration/model';
import { ORGANISATION_MODELS, readAsItWas } from '../declaration/read-as-it-was';
import { CliError, EXIT } from '../exit-codes';
import { projectionJobDone, statusOf } from './projection';

const FOLD_MS = 3_600_000;

/** What stood at a position or a time, folded anew out of the event log beside the running read models. @throws CliError where nothing of it stood then */
export async function organisationAt(client: Client, at: string): Promise<Actual> {
  const { tenant } = client.settings;
  const { body: { job } } = await client.call<{ job: string }>('POST', '/v1/projection/replay', { body: { models: ORGANISATION_MODELS, until: at }, headers: STRONG });
  await projectionJobDone(client, job, FOLD_MS);
  const then = await readAsItWas(client);
  await stillNewest(client, job);
  if (![...then.byId.values()].some((thing) => thing.kind === 'tenant' && (tenant === undefined || thing.tenant === tenant))) {
    throw new CliError(EXIT.notFound, tenant === undefined ? 'There was no tenant then.' : `There was no tenant ${tenant} then.`, 'Name a later position or time.');
  }
  return then;
}

/** What was read is of that replay. @throws CliError where another one has taken, or takes, the place of its tables */
async function stillNewest(client: Client, job: string): Promise<void> {
  const of = new Set<string>(ORGANISATION_MODELS);
  const newest = (await statusOf(client)).rebuilds.find(({ verb, phase, models }) => verb === 'replay' && phase !== 'failed' && models.some((model) => of.has(model)));
  if (newest?.job !== job) throw new CliError(EXIT.conflict, 'Another replay took the place of this one while it was read.', 'Try again; `wami projection status` tells who replays.');
}
