import { concurrentChanges, notFound } from '../errors';
import { ORGANIZATION, newUniqueId } from '../ids';
import { proto } from './operation';
import type { Answer, Call, Operation } from './operation';

/** Of what stands in the one location that there is, `global` (google.iam.v3). */
export const IN_ORGANIZATION = '/v3/organizations/{organization}/locations/{location}';
/** At most, and where no size is asked for (comments of google.iam.v3). */
export const PAGE = { usual: 50, most: 1_000 } as const;
const PARENT = `organizations/${ORGANIZATION}/locations/global`;

export const nameOf = (collection: string, id: string): string => `${PARENT}/${collection}/${id}`;

export const v3Operation = (method: Operation['method'], template: string, permission: string, run: Operation['run'], query: readonly string[] = []): Operation => ({
  api: 'iam', method, template, permission, writes: method !== 'GET', query,
  run: (call) => {
    if (call.path['location'] !== 'global') throw notFound('Requested entity was not found.');
    return run(call);
  },
});

interface Standing {
  readonly id: string;
  readonly uid: string;
  readonly displayName: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function found<T extends Standing>(all: readonly T[], collection: string, id = ''): T {
  const one = all.find((standing) => standing.id === id);
  if (one === undefined) throw notFound(`Resource '${nameOf(collection, id)}' was not found.`);
  return one;
}

export function requireEtag({ etag }: Standing, asked: string | null | undefined): void {
  if (asked && asked !== etag) throw concurrentChanges();
}

/** What both kinds have. */
export function shown(collection: string, { id, uid, displayName, annotations, etag, createdAt, updatedAt }: Standing, more: Answer): Answer {
  return proto({
    name: nameOf(collection, id), uid, etag, displayName, annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
    createTime: new Date(createdAt).toISOString(), updateTime: new Date(updatedAt).toISOString(), ...more,
  });
}

/** An operation that has ended once it is answered, as those of deny policies do. */
export function ended({ now }: Call, verb: string, target: string, message: string, response: Answer): Answer {
  return {
    name: `${PARENT}/operations/${newUniqueId()}`, done: true,
    metadata: { '@type': 'type.googleapis.com/google.iam.v3.OperationMetadata', createTime: new Date(now).toISOString(), endTime: new Date(now).toISOString(), target, verb, requestedCancellation: false, apiVersion: 'v3' },
    response: { '@type': `type.googleapis.com/google.${message}`, ...response },
  };
}
