import type { WamiCloudEvent } from '@wami/contracts';
import { STRONG, type Client } from '../api/client';
import { readAll } from '../api/pages';
import type { OwnRelation } from './plan';

/** Written on every event of an apply; it is what tells its memberships and attachments, which carry no tags, from those that somebody else made. */
export const correlationOf = (declaration: string, plan: string): string => `declaration:${declaration}:${plan}`;

/** Asks the history, once for each resource. */
export function ownRelations(client: Client, declaration: string): OwnRelation {
  const histories = new Map<string, Promise<WamiCloudEvent[]>>();
  const historyOf = (id: string): Promise<WamiCloudEvent[]> => {
    const known = histories.get(id) ?? readAll<WamiCloudEvent>(client, `/v1/resources/${id}/history`, {}, STRONG);
    histories.set(id, known);
    return known;
  };
  return async ({ id, ofId }) => {
    const added = (await historyOf(ofId)).filter(({ stream, type }) => stream === id && /\.added\.v\d+$/.test(type)).at(-1);
    return added?.correlationid.startsWith(correlationOf(declaration, '')) ?? false;
  };
}
