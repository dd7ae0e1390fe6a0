import type { PolicyVersion } from '../model';
import { templateOf } from '../parse/templates';

interface Spelling {
  /** `*` and `?` are wildcards here: runs of them get one spelling. */
  wildcards?: boolean;
  ignoreCase?: boolean;
}

/** One spelling of a value that may hold variables: their key names know no case, the rest stays as it is. */
export function canonicalText(source: string, version: PolicyVersion, { wildcards = false, ignoreCase = false }: Spelling): string {
  const template = templateOf(source, version);
  if ('fault' in template) return source;
  const spell = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  return template.parts.map((part) => {
    switch (part.kind) {
      case 'text': return spell(wildcards ? oneRun(part.text) : part.text);
      case 'literal': return `\${${part.text}}`;
      case 'variable': return `\${${part.key.toLowerCase()}${part.fallback === undefined ? '' : `, '${spell(part.fallback)}'`}}`;
    }
  }).join('');
}

/** `*?*` takes what `?*` takes. */
export function oneRun(text: string): string {
  return text.replace(/[*?]+/g, (run) => '?'.repeat(run.replaceAll('*', '').length) + (run.includes('*') ? '*' : ''));
}
