import type { FieldError } from '@wami/contracts';
import { NOWHERE, type Field } from './kinds';

/** What was typed, by field. */
export type Texts = Readonly<Record<string, string>>;
export type Body = Readonly<Record<string, unknown>>;
export type Read = { readonly body: Body } | { readonly errors: Texts };

/** A resource as it is typed; what it does not have is empty. */
export const textsOf = (fields: readonly Field[], view: Body): Texts => Object.fromEntries(fields.map((field) => [field.name, textOf(field, view[field.name])]));

/** A key that would be read as another one. */
const NEEDS_QUOTES = /=|^\s|\s$/;

function textOf({ shape }: Field, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (shape === 'lines') return (value as readonly string[]).join('\n') || NOWHERE;
  if (shape === 'pairs') return Object.entries(value).map(([key, one]) => `${NEEDS_QUOTES.test(key) ? `"${key}"` : key}=${String(one)}`).join('\n');
  if (shape === 'metadata') return String((value as Body)['metadata']);
  if (shape === 'json') return Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
  return String(value);
}

/** What makes a new one; what is empty is left out. */
export function bodyOf(fields: readonly Field[], texts: Texts): Read {
  return read(fields.filter(({ name, shape, kept }) => said(texts, name) !== '' || (kept && shape === 'text')), texts, (_field, value) => value ?? '');
}

/** What makes of one the other, and says nothing of what stayed (RFC 7396). */
export function patchOf(fields: readonly Field[], before: Texts, texts: Texts): Read {
  const changed = fields.filter(({ name }) => said(texts, name) !== said(before, name));
  return read(changed, texts, (field, value) => {
    if (!field.merged) return value ?? (field.kept && field.shape === 'text' ? '' : null);
    return merged((valueOf(field, said(before, field.name)) ?? {}) as Body, (value ?? {}) as Body);
  });
}

/** Keys that went are null; those that stayed as they were are not there. */
function merged(before: Body, after: Body): Body {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key)).map((key) => [key, null] as const);
  return Object.fromEntries([...gone, ...Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]))]);
}

function read(fields: readonly Field[], texts: Texts, made: (field: Field, value: unknown) => unknown): Read {
  const errors: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    try {
      body[field.name] = made(field, valueOf(field, said(texts, field.name)));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      errors[field.name] = `This is no JSON object. ${error.message}`;
    }
  }
  return Object.keys(errors).length === 0 ? { body } : { errors };
}

const said = (texts: Texts, name: string): string => texts[name]?.trim() ?? '';

/** Undefined for an empty text. What makes no sense is sent as it is, for the API to say what it should be. @throws SyntaxError where it is no JSON object */
function valueOf({ shape }: Field, text: string): unknown {
  if (text === '') return undefined;
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  if (shape === 'lines') return text === NOWHERE ? [] : lines;
  if (shape === 'pairs') return Object.fromEntries(lines.map(pairOf));
  if (shape === 'metadata') return { metadata: text };
  if (shape === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  return shape === 'json' ? objectOf(text) : text;
}

function pairOf(line: string): readonly [string, string] {
  const [, quoted, plain = '', value = ''] = /^(?:"([^"]*)"\s*(?==|$)|([^=]*))(?:=([^]*))?$/.exec(line) ?? [];
  return [quoted ?? plain.trim(), value.trim()];
}

function objectOf(text: string): object {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('It must begin with { and end with }.');
  return value;
}

/** What the API says of each field, with the place in it; what is of none of them stands under `''`. */
export function errorTexts(fields: readonly { readonly name: string }[], errors: readonly FieldError[]): Texts {
  const texts: Record<string, string> = {};
  for (const { pointer, detail } of errors) {
    const [first = '', ...rest] = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const [name, at] = fields.some((field) => field.name === first) ? [first, rest] : ['', [first, ...rest]];
    const text = at.join('/') === '' ? detail : `${at.join('/')}: ${detail}`;
    texts[name] = texts[name] === undefined ? text : `${texts[name]}; ${text}`;
  }
  return texts;
}

/** What holds now, with what somebody typed meanwhile over it. @throws SyntaxError where that is no JSON object in a field that is merged by key */
export function keeping(fields: readonly Field[], typed: Texts, before: Texts, now: Texts): Texts {
  const changed = fields.filter(({ name }) => said(typed, name) !== said(before, name));
  return { ...now, ...Object.fromEntries(changed.map((field) => [field.name, over(field, typed, before, now)])) };
}

/** Of a field that is merged by key, only the keys that were changed; of another, all that was typed. */
function over(field: Field, typed: Texts, before: Texts, now: Texts): string {
  if (!field.merged) return typed[field.name] ?? '';
  const bodyIn = (texts: Texts): Body => (valueOf(field, said(texts, field.name)) ?? {}) as Body;
  const kept = { ...bodyIn(now), ...merged(bodyIn(before), bodyIn(typed)) };
  return textOf(field, Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null)));
}
