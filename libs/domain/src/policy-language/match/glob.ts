/** One place of a pattern or of a value: a UTF-16 code unit, a wildcard, or (only where two patterns are compared) a named variable. */
export type Token = number | string;

/** `*`: any run of characters, the empty one too. */
export const ANY = -1;
/** `?`: exactly one character. */
export const ONE = -2;

export function literalTokens(text: string): Token[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

export function wildcardTokens(text: string): Token[] {
  return literalTokens(text).map((code) => (code === 42 ? ANY : code === 63 ? ONE : code));
}

/**
 * True where the pattern takes all of the subject. The subject may be a pattern itself: then true promises that everything it
 * matches is matched by the pattern too. Only the last `*` is ever tried again, so the work is at most pattern x subject.
 */
export function covers(pattern: readonly Token[], subject: readonly Token[]): boolean {
  let p = 0;
  let s = 0;
  let star = -1;
  let starTook = 0;
  while (s < subject.length) {
    const token = pattern[p];
    if (token === ANY) {
      star = p;
      starTook = s;
      p += 1;
    } else if (token !== undefined && takes(token, subject[s])) {
      p += 1;
      s += 1;
    } else if (star >= 0) {
      starTook += 1;
      s = starTook;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === ANY) p += 1;
  return p === pattern.length;
}

export function matchesGlob(pattern: string, value: string): boolean {
  return covers(wildcardTokens(pattern), literalTokens(value));
}

function takes(token: Token, subject: Token | undefined): boolean {
  if (token === ONE) return typeof subject === 'number' && subject !== ANY;
  return token === subject;
}
