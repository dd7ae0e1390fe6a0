import type { TemplatePart } from '../match/template';
import type { Listed } from '../model';
import { below, quoted, type Problems } from './problems';
import { eitherForm, type Reading } from './reading';
import { member, texts, type At, type JsonObject } from './shapes';
import { checkedTemplate, hasVariables } from './templates';

/** `arn`, partition, service, region and account, each with its colon: what stands before the resource. */
const PREFIX = /^arn:[A-Za-z0-9*?-]+:[A-Za-z0-9-]+:[A-Za-z0-9*?._/-]*:[A-Za-z0-9*?._/-]*:/;

export function readResources(statement: JsonObject, reading: Reading): Listed<string> | undefined {
  const { pointer, kind, version, problems } = reading;
  if (kind === 'trust') return refuse(statement, reading);
  const chosen = eitherForm(statement, 'Resource', reading);
  if (!chosen) {
    if (kind === 'resource') return undefined;
    return problems.add(pointer, 'MissingElement', 'A statement needs a Resource or a NotResource.');
  }
  const entries = texts(chosen.value, chosen.pointer, problems);
  for (const entry of entries) {
    const parts = checkedTemplate(entry.value, version, entry.pointer, problems);
    if (parts) checkResource(entry, parts, problems);
  }
  return { negated: chosen.negated, entries: entries.map(({ value }) => value) };
}

function refuse(statement: JsonObject, { pointer, problems }: Reading): undefined {
  for (const name of ['Resource', 'NotResource']) {
    if (member(statement, name) === undefined) continue;
    problems.add(below(pointer, name), 'UnsupportedElement', 'A trust policy means the role that it stands on: it names no resource.');
  }
}

function checkResource({ value, pointer }: At<string>, parts: readonly TemplatePart[], problems: Problems): void {
  if (/^\*+$/.test(value)) return;
  const first = parts[0];
  const start = first?.kind === 'text' ? first.text : '';
  if (PREFIX.test(start)) return;
  if (hasVariables(parts) && start.split(':').length < 6) {
    problems.add(pointer, 'VariableNotAllowed', 'A variable stands only behind the fifth colon of an ARN.');
    return;
  }
  problems.add(pointer, 'InvalidResource', `${quoted(value)} is not "*" or "arn:partition:service:region:account:resource".`);
}
