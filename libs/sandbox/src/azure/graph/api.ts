import { Router } from '../../cloud/router';
import { answerBatch } from './batch';
import { deletedItemOperations } from './deleted-items';
import { federationOperations } from './federation';
import { memberOperations } from './members';
import { objectOperations } from './objects';
import type { GraphOperations } from './operation';
import { organizationOperations } from './organization';
import { passwordOperations } from './passwords';

const SINGLE: GraphOperations = { ...objectOperations, ...memberOperations, ...deletedItemOperations, ...organizationOperations, ...passwordOperations, ...federationOperations };
const SINGLE_ROUTER = new Router(SINGLE, 'i');

export const BATCH = 'batch';
export const GRAPH_OPERATIONS: GraphOperations = {
  ...SINGLE,
  [BATCH]: { method: 'POST', template: '/v1.0/$batch', writes: false, run: (call) => answerBatch(call, (method, pathname) => SINGLE_ROUTER.find(method, plainPath(pathname))) },
};
/** Names of sets are found whatever their case (recordings). */
export const GRAPH_ROUTER = new Router(GRAPH_OPERATIONS, 'i');

/** `/users('a@b')` and `/groups(uniqueName='x')` as `/users/a@b` and `/groups/uniqueName=x`. */
export function plainPath(pathname: string): string {
  return pathname.replace(/^\/v1\.0\/(\w+)\((?:(\w+)=)?(?:'|%27)(.*?)(?:'|%27)\)/i, (_all, set: string, alternate: string | undefined, value: string) =>
    `/v1.0/${set}/${alternate === undefined ? '' : `${alternate}=`}${value}`);
}
