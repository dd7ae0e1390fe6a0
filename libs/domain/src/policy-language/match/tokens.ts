import type { PolicyVersion } from '../model';
import { templateOf } from '../parse/templates';
import { literalTokens, wildcardTokens, type Token } from './glob';

/** What a variable stands for in a request; undefined where the request has no such key, or several values under it. */
export type Resolve = (key: string) => string | undefined;

/** The pattern that a value of a policy is for one request; undefined where one of its variables has no value. */
export function patternOf(source: string, version: PolicyVersion, resolve: Resolve): Token[] | undefined {
  return tokensOf(source, version, resolve, wildcardTokens);
}

/** The same for a value in which `*` and `?` are themselves. */
export function textOf(source: string, version: PolicyVersion, resolve: Resolve): string | undefined {
  const tokens = tokensOf(source, version, resolve, literalTokens);
  return tokens?.map((code) => String.fromCharCode(Number(code))).join('');
}

/** The pattern with its variables kept as places of their own: what two policies are compared by. */
export function openPattern(source: string, version: PolicyVersion): Token[] {
  const template = templateOf(source, version);
  if ('fault' in template) return literalTokens(source);
  return template.parts.flatMap((part): Token[] => {
    switch (part.kind) {
      case 'text': return wildcardTokens(part.text);
      case 'literal': return literalTokens(part.text);
      case 'variable': return [JSON.stringify([part.key.toLowerCase(), part.fallback ?? null])];
    }
  });
}

function tokensOf(
  source: string, version: PolicyVersion, resolve: Resolve, readText: (text: string) => Token[],
): Token[] | undefined {
  const template = templateOf(source, version);
  if ('fault' in template) return undefined;
  const tokens: Token[] = [];
  for (const part of template.parts) {
    const added = part.kind === 'text' ? readText(part.text) : part.kind === 'literal' ? literalTokens(part.text) : filledIn(part, resolve);
    if (added === undefined) return undefined;
    for (const token of added) tokens.push(token);
  }
  return tokens;
}

/** What stands in for a variable is never a wildcard. */
function filledIn({ key, fallback }: { key: string; fallback?: string }, resolve: Resolve): Token[] | undefined {
  const value = resolve(key) ?? fallback;
  return value === undefined ? undefined : literalTokens(value);
}
