import type { z } from 'zod';
import { CliError, EXIT } from '../exit-codes';
import { lineOf, pointerOf, type Place, type Source } from './source';

export interface Mistake {
  readonly at: Place;
  readonly what: string;
}

const MOST_SHOWN = 20;

/** All of them at once, each with its line and pointer. */
export function mistaken(mistakes: readonly Mistake[], exitCode: number = EXIT.usage): CliError {
  const lines = mistakes.slice(0, MOST_SHOWN).map(({ at, what }) => `  ${lineOf(at)}: ${pointerOf(at.path) || '/'}: ${what}`);
  const more = mistakes.length > MOST_SHOWN ? [`  ... and ${mistakes.length - MOST_SHOWN} more`] : [];
  return new CliError(exitCode, [`The declaration is not valid:`, ...lines, ...more].join('\n'), 'The format: docs/apply.md; `wami schema` prints its JSON Schema.');
}

/** What the schema found. */
export function mistakesIn(source: Source, value: unknown, issues: readonly z.core.$ZodIssue[]): Mistake[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ at: { source, path: [...path, key] }, what: 'there is no such field' }));
    if (issue.code === 'invalid_key') return [{ at: { source, path }, what: issue.issues[0]?.message ?? issue.message }];
    return [{ at: { source, path }, what: whatIs(issue, valueAt(value, path)) }];
  });
}

function whatIs(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== 'invalid_type') return value === undefined ? 'is missing' : issue.message;
  if (value === undefined) return 'is missing';
  if (issue.expected === 'string' && typeof value === 'number') return 'this is a number; write it in quotes';
  return `must be ${issue.expected === 'object' || issue.expected === 'record' ? 'a map' : `of type ${issue.expected}`}`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, segment) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[segment] : undefined), value);
}
