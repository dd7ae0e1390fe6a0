import { normalisePolicy, parsePolicy, policyDocument, type PolicyKind } from '@wami/domain';

/** JSON as IAM takes it: its documents hold no character beyond U+00FF (`policyDocumentType`), so those are written as escapes. */
export function documentText(document: unknown): string {
  return JSON.stringify(document).replace(/[\u0100-\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The one text of all documents that mean the same, in which what is wanted is compared with what stands there: order, spelling, lists of one
 * and URL-encoding make no difference. What is no policy by our grammar is compared as it is.
 */
export function meaningOf(document: unknown, kind: PolicyKind): string {
  const parsed = parsePolicy(document, kind);
  return JSON.stringify(parsed.ok ? policyDocument(normalisePolicy(parsed.policy)) : inOrder(document ?? null));
}

/** A document as IAM answers it: URL-encoded by RFC 3986. Some that speak IAM answer it plain. What is no JSON stays a text. */
export function documentFrom(text: string): unknown {
  try {
    return JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text));
  } catch {
    return text;
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, inOrder(part)]));
}
