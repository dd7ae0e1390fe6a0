import type { PolicyError } from './parse/problems';

/**
 * What bounds reading and evaluating one policy, wherever it came from. Far above what AWS stores (its grammar page
 * names 10,240 characters as the most); a matcher's work is at most length of pattern times length of value, and comparing policies
 * the square of their sizes: what strangers send is held to a size (checkPolicySize) before it is evaluated or compared.
 */
export const BOUNDS = { statements: 1_000, valueLength: 4_096, nodes: 10_000 } as const;

/** True where the document has more values (objects, lists and what is in them) than `most`; looks at no more than that. */
export function hasMoreNodesThan(document: unknown, most: number): boolean {
  const waiting: unknown[] = [document];
  let seen = 0;
  while (waiting.length > 0) {
    seen += 1;
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inside: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (seen + waiting.length + inside.length > most) return true;
    for (const entry of inside) waiting.push(entry);
  }
  return seen > most;
}

/** Characters without white space, as "IAM and AWS STS quotas" gives them. */
export const AWS_POLICY_SIZES = {
  managed: 6_144,
  inlineUser: 2_048,
  inlineGroup: 5_120,
  inlineRole: 10_240,
  trust: 2_048,
  trustRaised: 4_096,
} as const;

/** Characters of the document as compact JSON, white space (also inside of strings) not counted. Never throws on parsed JSON. */
export function policySize(document: unknown): number {
  let size = 0;
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      size += 2 + Math.max(0, value.length - 1);
      for (const entry of value as unknown[]) waiting.push(entry);
    } else if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value);
      size += 2 + Math.max(0, members.length - 1);
      for (const [name, entry] of members) {
        size += textSize(name) + 1;
        waiting.push(entry);
      }
    } else {
      size += textSize(value);
    }
  }
  return size;
}

function textSize(value: unknown): number {
  return (JSON.stringify(value) ?? '').replace(/\\[nrt]|\s/g, '').length;
}

/** An error where the document has more than `limit` characters (AWS_POLICY_SIZES, or what a quota was raised to). */
export function checkPolicySize(document: unknown, limit: number): PolicyError[] {
  const size = policySize(document);
  if (size <= limit) return [];
  return [{ pointer: '', code: 'PolicyTooLarge', detail: `${size} characters without white space; at most ${limit} are allowed.` }];
}
