import type { BatchResult } from '@wami/contracts';
import type { WamiProcess } from '@wami/testing';
import { groupName, groupOf, userName, userPath, type Population } from './population';

/** Users per request; while their memberships are asked for, the next ones are on their way. */
const BATCH = 250;

/** The whole population as commands. Resolves, when all are accepted, with the position to ask the query side for. */
export async function sendPopulation(wami: WamiProcess, population: Population): Promise<string> {
  const { tenant, users: count } = population;
  const groups = await batch(wami, range(0, population.groups).map((index) => ({ method: 'POST', path: '/v1/groups', body: { tenant, groupName: groupName(population, index) } })));
  let members: Promise<Accepted> | undefined;
  for (let from = 0; from < count; from += BATCH) {
    const indices = range(from, Math.min(from + BATCH, count));
    const [users] = await Promise.all([
      batch(wami, indices.map((index) => ({ method: 'POST', path: '/v1/users', body: { tenant, userName: userName(population, index), path: userPath(population) } }))), members,
    ]);
    members = batch(wami, indices.map((index, at) => ({ method: 'PUT', path: `/v1/groups/${groups.ids[groupOf(population, index)]}/members/${users.ids[at]}` })));
  }
  return (await members)?.position ?? groups.position;
}

interface Accepted {
  readonly ids: readonly string[];
  readonly position: string;
}

async function batch(wami: WamiProcess, operations: readonly object[]): Promise<Accepted> {
  const { body: { results } } = await wami.call<BatchResult>('POST', '/v1/batch', { operations });
  const refused = results.find(({ status }) => status !== 201);
  if (refused) throw new Error(`a command was answered ${refused.status}: ${JSON.stringify(refused.body)}`);
  const ids = results.map(({ body }) => String((body as { id?: string } | null)?.id));
  return { ids, position: results.at(-1)?.headers?.['wami-position'] ?? '' };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
