import type { Listed } from '../model';
import { quoted } from './problems';
import { eitherForm, type Reading } from './reading';
import { texts, type JsonObject } from './shapes';

/** `*`, or a service's namespace, a colon, and a name in which wildcards may stand. */
const ACTION = /^(?:\*|[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9*?_-]+)$/;

export function readActions(statement: JsonObject, reading: Reading): Listed<string> | undefined {
  const { pointer, kind, problems } = reading;
  const chosen = eitherForm(statement, 'Action', reading);
  if (!chosen) return problems.add(pointer, 'MissingElement', 'A statement needs an Action or a NotAction.');
  const entries = texts(chosen.value, chosen.pointer, problems);
  for (const { value, pointer: at } of entries) {
    if (!ACTION.test(value)) {
      problems.add(at, 'InvalidAction', `${quoted(value)} is not "*" or "service:Name" (no variables; wildcards in the name only).`);
    } else if (kind === 'trust' && !value.toLowerCase().startsWith('sts:')) {
      problems.add(at, 'InvalidTrustAction', 'A trust policy names actions of sts only.');
    }
  }
  return { negated: chosen.negated, entries: entries.map(({ value }) => value) };
}
