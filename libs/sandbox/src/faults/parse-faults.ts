import { FAULT_KINDS, InvalidFault, NO_FAULTS } from './fault-plan';
import type { FaultKind, FaultPlan, ScriptedFault } from './fault-plan';

type Fields = Readonly<Record<string, unknown>>;
const MAX_LATENCY_MS = 60_000;
const MAX_LAG_MS = 600_000;
const MAX_REPEATS = 1_000_000;

/** Refuses unknown keys, rates outside 0..1, over-long waits and operations that the sandbox does not have. */
export function parseFaultPlan(input: unknown, operations: ReadonlySet<string>): FaultPlan {
  const fields = asFields(input, Object.keys(NO_FAULTS));
  return {
    ...optional(fields, 'throttle', (value) => numberIn(value, 'throttle', 0, 1)),
    ...optional(fields, 'errors', (value) => numberIn(value, 'errors', 0, 1)),
    ...optional(fields, 'lostAnswers', (value) => numberIn(value, 'lostAnswers', 0, 1)),
    ...optional(fields, 'latencyMs', range),
    ...optional(fields, 'eventualConsistencyMs', (value) => numberIn(value, 'eventualConsistencyMs', 0, MAX_LAG_MS)),
    ...optional(fields, 'staleReads', (value) => numberIn(value, 'staleReads', 0, 1)),
    ...optional(fields, 'accessDenied', (value) => texts(value, 'accessDenied').map((name) => (name === '*' ? name : operation(name, operations)))),
    ...optional(fields, 'credentials', credentials),
    ...optional(fields, 'revokedAccessKeys', (value) => texts(value, 'revokedAccessKeys')),
  };
}

export function parseScriptedFault(input: unknown, operations: ReadonlySet<string>): ScriptedFault {
  const fields = asFields(input, ['kind', 'operation', 'subject', 'times']);
  return {
    kind: faultKind(fields['kind']),
    ...optional(fields, 'operation', (value) => operation(value, operations)),
    ...optional(fields, 'subject', (value) => text(value, 'subject')),
    ...optional(fields, 'times', (value) => wholeNumber(value, 'times')),
  };
}

/** The form of `at` over HTTP: `{ "call": 3, "kind": "lost-answer" }`. */
export function parseScheduledFault(input: unknown): { readonly call: number; readonly kind: FaultKind } {
  const fields = asFields(input, ['call', 'kind']);
  return { call: wholeNumber(fields['call'], 'call'), kind: faultKind(fields['kind']) };
}

function asFields(input: unknown, allowed: readonly string[]): Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new InvalidFault('faults are described by an object');
  const unknown = Object.keys(input).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw new InvalidFault(`unknown field '${unknown}'; known: ${allowed.join(', ')}`);
  return { ...input };
}

function optional<K extends string, V>(fields: Fields, key: K, parse: (value: unknown) => V): { readonly [P in K]?: V } {
  const value = fields[key];
  return value === undefined ? {} : ({ [key]: parse(value) } as { readonly [P in K]?: V });
}

function numberIn(value: unknown, what: string, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new InvalidFault(`${what} must be a number from ${min} to ${max}`);
}

function wholeNumber(value: unknown, what: string): number {
  const number = numberIn(value, what, 1, MAX_REPEATS);
  if (!Number.isInteger(number)) throw new InvalidFault(`${what} must be a whole number`);
  return number;
}

function range(value: unknown): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) throw new InvalidFault('latencyMs must be [min, max]');
  const min = numberIn(value[0], 'latencyMs[0]', 0, MAX_LATENCY_MS);
  return [min, numberIn(value[1], 'latencyMs[1]', min, MAX_LATENCY_MS)];
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidFault(`${what} must be a text`);
}

function texts(value: unknown, what: string): readonly string[] {
  if (!Array.isArray(value)) throw new InvalidFault(`${what} must be a list of texts`);
  return value.map((item: unknown) => text(item, what));
}

function operation(value: unknown, operations: ReadonlySet<string>): string {
  const name = text(value, 'operation');
  if (!operations.has(name)) throw new InvalidFault(`the sandbox has no operation '${name}'`);
  return name;
}

function credentials(value: unknown): 'accepted' | 'rejected' {
  if (value === 'accepted' || value === 'rejected') return value;
  throw new InvalidFault("credentials must be 'accepted' or 'rejected'");
}

function faultKind(value: unknown): FaultKind {
  const kind = FAULT_KINDS.find((known) => known === value);
  if (kind === undefined) throw new InvalidFault(`kind must be one of ${FAULT_KINDS.join(', ')}`);
  return kind;
}
