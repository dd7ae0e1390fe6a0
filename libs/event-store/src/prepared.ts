import { createHash } from 'node:crypto';

export interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

/**
 * A statement that each connection plans once and then keeps: for those that are run again and again. Only for texts of which there are few;
 * both the server and this process remember every one.
 */
export function prepared(text: string, values: readonly unknown[] = []): Prepared {
  let name = names.get(text);
  if (name === undefined) names.set(text, name = preparedName(text));
  return { name, text, values: [...values] };
}

/** One text, one name. */
export function preparedName(text: string): string {
  return `wami_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}
