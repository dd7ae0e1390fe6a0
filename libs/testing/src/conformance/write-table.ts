import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Verdicts } from './verdicts';

const INTRODUCTION = `# Which claims were proved, and by whom

Written by the conformance suite (\`libs/testing/src/conformance\`), which puts every claim about an adapter to every witness over HTTP.
*proved*: the claim held there. *none*: this witness cannot judge it; the number leads to the reason. The sandbox is our own; the other
witnesses were written by others. Do not edit: run the tests.
`;

/** The adapter's part of the document: claims down, witnesses across, then why a witness says nothing. */
export function renderVerdicts(verdicts: Verdicts): string {
  const { heading, witnesses } = verdicts;
  const reasons: string[] = [];
  const cell = (witness: string, reason: string): string => {
    const text = `${witness}: ${reason}`;
    if (!reasons.includes(text)) reasons.push(text);
    return `none [${reasons.indexOf(text) + 1}]`;
  };
  const rows = verdicts.table().map(({ subject, title, by }) => {
    const cells = witnesses.map((witness) => {
      const verdict = by.get(witness);
      return verdict?.says === 'none' ? cell(witness, verdict.reason) : (verdict?.says ?? 'not asked');
    });
    return [subject, title, ...cells];
  });
  const lines = [['about', 'claim', ...witnesses], ['---', '---', ...witnesses.map(() => '---')], ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  return [`## ${heading}`, '', ...lines, '', ...reasons.map((reason, index) => `${index + 1}. ${reason}`), ''].join('\n');
}

/** Puts the section under its heading, in the place where it stood or at the end; the other sections stay. */
export function withSection(document: string, heading: string, section: string): string {
  const [introduction = '', ...sections] = (document === '' ? INTRODUCTION : document).split(/^(?=## )/m);
  const ours = (text: string): boolean => text.startsWith(`## ${heading}\n`);
  const others = sections.map((text) => (ours(text) ? section : text));
  return [introduction.trimEnd(), ...(sections.some(ours) ? others : [...others, section]).map((text) => text.trimEnd()), '']
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/**
 * Brings the file up to date; with `mayWrite` false it only says whether it was. Nothing is concluded from an incomplete run (`-t`, a witness
 * that could not be started).
 */
export function updateTable(file: string, verdicts: Verdicts, mayWrite: boolean): 'incomplete' | 'same' | 'written' | 'differs' {
  if (!verdicts.complete) return 'incomplete';
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = withSection(before, verdicts.heading, renderVerdicts(verdicts));
  if (after === before) return 'same';
  if (!mayWrite) return 'differs';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, after);
  return 'written';
}
