import { invalid } from './refusal';

export type Kind = 'users' | 'groups';
export type Labels = Readonly<Record<string, string>>;

/** What may be written of a thing. */
export interface Written {
  readonly name?: string;
  readonly displayName?: string;
  readonly email?: string;
  /** null takes a label away. */
  readonly labels?: Readonly<Record<string, string | null>>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const LABEL = /^[a-z0-9][a-z0-9-]{0,62}$/;
const LONGEST = 200;
const MOST_LABELS = 20;
const FIELDS: Readonly<Record<Kind, readonly string[]>> = { users: ['name', 'displayName', 'email', 'labels'], groups: ['name', 'labels'] };

/** @throws Refusal where the body is not what the API describes, unknown fields included */
export function checkedBody(kind: Kind, body: unknown): Written {
  const given = recordOf(body, 'the body');
  for (const [key, value] of Object.entries(given)) {
    if (!FIELDS[kind].includes(key)) throw invalid(`${kind} have no field ${key}`);
    if (key === 'labels') checkLabels(recordOf(value, 'labels'));
    else if (typeof value !== 'string' || value.length > LONGEST) throw invalid(`${key} must be a text of at most ${LONGEST} characters`);
  }
  const { name } = given as Written;
  if (name !== undefined && !NAME.test(name)) throw invalid('name must be 1 to 40 letters, digits, dots, hyphens and underscores, the first a letter or digit');
  return given;
}

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be a JSON object`);
  return value as Readonly<Record<string, unknown>>;
}

function checkLabels(labels: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!LABEL.test(key)) throw invalid(`${key} cannot be a label`);
    if (value !== null && (typeof value !== 'string' || value.length > LONGEST)) throw invalid(`the label ${key} must be a text of at most ${LONGEST} characters`);
  }
}

/** The labels after a change. @throws Refusal where they are too many */
export function withLabels(before: Labels, changes: Written['labels'] = {}): Labels {
  const after = Object.fromEntries(Object.entries({ ...before, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null));
  if (Object.keys(after).length > MOST_LABELS) throw invalid(`at most ${MOST_LABELS} labels`);
  return after;
}
