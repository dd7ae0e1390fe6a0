import { formatArn, type ArnType, type NewEvent } from '@wami/contracts';

/** Where a resource stands: everything an event's envelope says about it. */
export interface ResourceRef {
  readonly id: string;
  readonly tenant: string;
  readonly instance: string;
}

/** Fills an event's envelope; the key is the resource itself unless said otherwise. */
export function eventAbout<E extends NewEvent>(
  type: ArnType, ref: ResourceRef, event: Pick<E, 'type' | 'data' | 'personal'>, key: string = ref.id,
): E {
  return { ...event, stream: ref.id, key, tenant: ref.tenant, subject: formatArn({ ...ref, type }) } as E;
}
