import { plainTemplate, readTemplate, type TemplateFault, type TemplatePart } from '../match/template';
import type { PolicyVersion } from '../model';
import type { Problems } from './problems';

export const FAULTS: Readonly<Record<TemplateFault, string>> = {
  EmptyVariable: 'The variable has no name.',
  SpaceInVariable: 'The name of a variable holds no space; a default follows a comma and a space, in single quotes.',
  InvalidVariable: 'A variable is ${service:key}, ${service:key, \'default\'}, ${*}, ${?} or ${$}.',
  MissingBraceInVariable: 'The variable lacks its closing brace.',
  MissingQuoteInVariable: 'The default of a variable stands in single quotes.',
};

/** The parts of a value that may hold variables; undefined, and an error, where a variable is written wrongly. */
export function checkedTemplate(source: string, version: PolicyVersion, pointer: string, problems: Problems): TemplatePart[] | undefined {
  const template = templateOf(source, version);
  if ('fault' in template) return problems.add(pointer, template.fault, FAULTS[template.fault]);
  return template.parts;
}

/** In `2008-10-17` policies `${...}` is plain text. */
export function templateOf(source: string, version: PolicyVersion): ReturnType<typeof readTemplate> {
  return version === '2012-10-17' ? readTemplate(source) : plainTemplate(source);
}

export function hasVariables(parts: readonly TemplatePart[]): boolean {
  return parts.some(({ kind }) => kind !== 'text');
}
