/**
 * A value with policy variables ("IAM policy elements: Variables and tags").
 * `text` may hold wildcards; `literal` (`${*}`, `${?}`, `${$}`) and what a variable stands for never do.
 */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'literal'; text: string }
  | { kind: 'variable'; key: string; fallback?: string };

export type TemplateFault =
  | 'EmptyVariable' | 'SpaceInVariable' | 'InvalidVariable' | 'MissingBraceInVariable' | 'MissingQuoteInVariable';

export type Template = { parts: TemplatePart[] } | { fault: TemplateFault };

type Read = { part: TemplatePart; end: number } | { fault: TemplateFault };

/** Reads a value of a `2012-10-17` policy. */
export function readTemplate(source: string): Template {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const start = source.indexOf('${', at);
    const text = source.slice(at, start < 0 ? undefined : start);
    if (text) parts.push({ kind: 'text', text });
    if (start < 0) return { parts };
    const read = readVariable(source, start + 2);
    if ('fault' in read) return read;
    parts.push(read.part);
    at = read.end;
  }
}

/** A value of a `2008-10-17` policy: `${...}` is plain text there. */
export function plainTemplate(source: string): { parts: TemplatePart[] } {
  return { parts: [{ kind: 'text', text: source }] };
}

function readVariable(source: string, from: number): Read {
  const first = source.charAt(from);
  if ('*?$'.includes(first) && source.charAt(from + 1) === '}') return { part: { kind: 'literal', text: first }, end: from + 2 };
  let stop = from;
  while (stop < source.length && source.charAt(stop) !== '}' && source.charAt(stop) !== ',') stop += 1;
  if (stop === source.length) return { fault: 'MissingBraceInVariable' };
  const key = source.slice(from, stop);
  const fault = keyFault(key);
  if (fault) return { fault };
  if (source.charAt(stop) === '}') return { part: { kind: 'variable', key }, end: stop + 1 };
  return readFallback(source, stop + 1, key);
}

function readFallback(source: string, from: number, key: string): Read {
  const open = pastSpaces(source, from);
  if (source.charAt(open) !== "'") return { fault: 'MissingQuoteInVariable' };
  const close = source.indexOf("'", open + 1);
  if (close < 0) return { fault: 'MissingQuoteInVariable' };
  const end = pastSpaces(source, close + 1);
  if (source.charAt(end) !== '}') return { fault: 'MissingBraceInVariable' };
  return { part: { kind: 'variable', key, fallback: source.slice(open + 1, close) }, end: end + 1 };
}

function keyFault(key: string): TemplateFault | undefined {
  if (key.trim() === '') return 'EmptyVariable';
  if (/\s/.test(key)) return 'SpaceInVariable';
  return /^[^:${'"]+:[^${'"]+$/.test(key) ? undefined : 'InvalidVariable';
}

function pastSpaces(source: string, from: number): number {
  let at = from;
  while (source.charAt(at) === ' ') at += 1;
  return at;
}
