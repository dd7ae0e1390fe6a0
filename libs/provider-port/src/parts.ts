import type { Applied, Changes, Desired, Observed, Shape } from './provider-adapter';
import { isProviderError } from './provider-error';
import { applyRelations } from './relations';

/** What `inlinePolicies` of a document are called: among the facets that a capability tells, and where one of them is refused. */
export const INLINE_POLICIES = 'inlinePolicies';
/** The same of `federation`: who may sign in as a service account without a secret. */
export const FEDERATION = 'federation';
/** Maps of a document whose entries stand inside of the thing under their own names, where others may have put some of theirs beside them. */
export const PARTS = [INLINE_POLICIES, FEDERATION] as const;
export type Part = (typeof PARTS)[number];

type Fields = Shape['fields'];

/**
 * Field of a shape that holds such a part, as the text of what it means; one for each, not there where it is not. In `Changes` an empty one takes it away.
 * A handler whose shapes have none of them cannot hold such parts.
 */
export const partField = (part: Part, name: string): string => `${part}/${name}`;

/** What a field of a shape holds; undefined for the fields of the thing itself. */
export function partAt(field: string): { readonly part: Part; readonly name: string } | undefined {
  const part = PARTS.find((one) => field.startsWith(partField(one, '')));
  return part && { part, name: field.slice(part.length + 1) };
}

/** The fields that hold parts. */
export function partsIn(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => partAt(field) !== undefined));
}

/** The fields of the thing itself. */
export function withoutParts(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => partAt(field) === undefined));
}

/** Those of one kind in the fields of a shape or of changes, by name. */
export function namedIn(part: Part, fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, text]) => { const at = partAt(field); return at?.part === part ? [[at.name, text] as const] : []; }));
}

/** The fields of a shape for these. */
export function partFields(part: Part, texts: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [partField(part, name), text]));
}

/** Those of a document as they were written, by name. */
export function writtenIn(part: Part, document: Desired['document']): Readonly<Record<string, unknown>> {
  return (document[part] ?? {}) as Readonly<Record<string, unknown>>;
}

/** How parts of one kind are written at a provider. */
export interface PartCalls {
  /** `owner`: its fields say whether one of the name is known to stand there. */
  put(owner: Observed, name: string, written: unknown): Promise<unknown>;
  /** @throws ProviderError `NotFound` where there is none of the name */
  remove(owner: Observed, name: string): Promise<unknown>;
}

/** Takes away and writes parts one by one, after all else of the thing; the good ones count. */
export async function applyParts(part: Part, { observed, rejected }: Applied, calls: PartCalls, { fields }: Pick<Changes, 'fields'>, { document }: Desired): Promise<Applied> {
  const unknown: NonNullable<Applied['unknown']>[number][] = [];
  const changed = Object.entries(namedIn(part, fields)).sort(([, a], [, b]) => Number(a !== '') - Number(b !== ''));
  const steps = changed.map(([name, text]) => ({
    facet: part, name, apply: async () => void await (text === '' ? orGone(calls.remove(observed, name), () => unknown.push({ facet: part, name })) : calls.put(observed, name, writtenIn(part, document)[name])),
  }));
  const refused = await applyRelations(steps);
  const failed = new Set(refused.map(({ name }) => name));
  const after = { ...observed.shape.fields };
  for (const [name, text] of changed.filter(([one]) => !failed.has(one))) {
    if (text === '') delete after[partField(part, name)];
    else after[partField(part, name)] = text;
  }
  return { observed: { ...observed, shape: { ...observed.shape, fields: after } }, rejected: [...rejected, ...refused], ...(unknown.length > 0 ? { unknown } : {}) };
}

/** That it is not there is what was asked for. */
async function orGone(call: Promise<unknown>, gone: () => void): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isProviderError(error) || error.code !== 'NotFound') throw error;
    gone();
  }
}
