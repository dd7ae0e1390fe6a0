import type { Applied, Changes, Desired, Observed, Shape } from './provider-adapter';
import { INLINE_POLICIES, inlineField } from './provider-adapter';
import { isProviderError } from './provider-error';
import { applyRelations } from './relations';

/** How a kind's inline policies are written at a provider. */
export interface InlineCalls {
  put(owner: Observed, policyName: string, document: unknown): Promise<unknown>;
  /** @throws ProviderError `NotFound` where there is none of the name */
  remove(owner: Observed, policyName: string): Promise<unknown>;
}

const PREFIX = inlineField('');

/** The inline policies in the fields of a shape or of changes, by name. */
export function inlineIn(fields: Shape['fields']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, text]) => (field.startsWith(PREFIX) ? [[field.slice(PREFIX.length), text] as const] : [])));
}

/** The fields of a shape for these inline policies. */
export function inlineFields(policies: Readonly<Record<string, string>>): Shape['fields'] {
  return Object.fromEntries(Object.entries(policies).map(([name, text]) => [inlineField(name), text]));
}

/** The fields without inline policies. */
export function withoutInline(fields: Shape['fields']): Shape['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !field.startsWith(PREFIX)));
}

/** Inline policies of a document as they were written. */
export function inlineOf({ inlinePolicies }: Desired['document']): Readonly<Record<string, unknown>> {
  return (inlinePolicies ?? {}) as Readonly<Record<string, unknown>>;
}

/** Takes away and writes inline policies one by one, after all else of it; the good ones count. */
export async function applyInline({ observed, rejected }: Applied, calls: InlineCalls, { fields }: Pick<Changes, 'fields'>, { document }: Desired): Promise<Applied> {
  const changed = Object.entries(inlineIn(fields)).sort(([, a], [, b]) => Number(a !== '') - Number(b !== ''));
  const steps = changed.map(([name, text]) => ({
    facet: INLINE_POLICIES, name, apply: async () => void await (text === '' ? orGone(calls.remove(observed, name)) : calls.put(observed, name, inlineOf(document)[name])),
  }));
  const refused = await applyRelations(steps);
  const failed = new Set(refused.map(({ name }) => name));
  const after = { ...observed.shape.fields };
  for (const [name, text] of changed.filter(([one]) => !failed.has(one))) {
    if (text === '') delete after[inlineField(name)];
    else after[inlineField(name)] = text;
  }
  return { observed: { ...observed, shape: { ...observed.shape, fields: after } }, rejected: [...rejected, ...refused] };
}

/** That it is not there is what was asked for. */
async function orGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isProviderError(error) || error.code !== 'NotFound') throw error;
  }
}
