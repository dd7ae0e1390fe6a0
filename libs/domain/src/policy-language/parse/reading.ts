import type { PolicyKind, PolicyVersion } from '../model';
import { below, type Problems } from './problems';
import { member, type JsonObject } from './shapes';

/** Where a statement is read, and by which rules. */
export interface Reading {
  readonly pointer: string;
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
  readonly problems: Problems;
}

export interface Chosen {
  name: string;
  negated: boolean;
  value: unknown;
  pointer: string;
}

/** The element or its `Not...` form, whichever is there; both are an error, and the first is read. */
export function eitherForm(statement: JsonObject, name: string, { pointer, problems }: Reading): Chosen | undefined {
  const plain = member(statement, name);
  const negated = member(statement, `Not${name}`);
  if (plain !== undefined && negated !== undefined) {
    problems.add(pointer, 'ExclusiveElements', `${name} and Not${name} exclude each other.`);
  }
  if (plain !== undefined) return { name, negated: false, value: plain, pointer: below(pointer, name) };
  if (negated !== undefined) return { name: `Not${name}`, negated: true, value: negated, pointer: below(pointer, `Not${name}`) };
  return undefined;
}
