import type { RecordedRepairEvent } from '@wami/contracts';
import { sameJson } from '../merge-patch';

type Stated = Extract<RecordedRepairEvent, { type: 'wami.repair.stated.v1' }>;

/** The document that a statement tells. Undefined of a resource that is deleted, and of somebody who was erased since: then it says nothing. */
export function statedDocument({ data, personal }: Pick<Stated, 'data' | 'personal'>): Readonly<Record<string, unknown>> | undefined {
  return data.deleted || personal.document === undefined ? undefined : { ...data.document, ...personal.document };
}

/** Names of the fields in which two documents do not say the same, in the order of the alphabet. */
export function differingFields(a: object, b: object): string[] {
  const [left, right] = [a, b] as Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((field) => !sameJson(left?.[field], right?.[field])).sort();
}
