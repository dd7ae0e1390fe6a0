import { ANY, covers, type Token } from './glob';

const COLON = 58;
const SEPARATORS = 5;

/** The six parts of an ARN; the last takes the colons that follow. Undefined where there are fewer. */
export function arnParts(tokens: readonly Token[]): Token[][] | undefined {
  const parts: Token[][] = [];
  let from = 0;
  tokens.forEach((token, at) => {
    if (token !== COLON || parts.length === SEPARATORS) return;
    parts.push(tokens.slice(from, at));
    from = at + 1;
  });
  if (parts.length < SEPARATORS) return undefined;
  return [...parts, tokens.slice(from)];
}

/** Matches part by part, so that a wildcard never reaches over a colon before the resource; `*` alone takes everything. */
export function coversArn(pattern: readonly Token[], subject: readonly Token[]): boolean {
  if (isEverything(pattern)) return true;
  const wanted = arnParts(pattern);
  const given = arnParts(subject);
  if (!wanted || !given || given.slice(0, SEPARATORS).some(hasVariable)) return false;
  return wanted.every((part, index) => covers(part, given[index] ?? []));
}

/** What a variable stands for may hold colons: where the parts end is not known then. */
function hasVariable(part: readonly Token[]): boolean {
  return part.some((token) => typeof token === 'string');
}

export function isEverything(pattern: readonly Token[]): boolean {
  return pattern.length > 0 && pattern.every((token) => token === ANY);
}
