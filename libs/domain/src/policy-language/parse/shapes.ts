import { BOUNDS } from '../limits';
import { below, Problems, quoted } from './problems';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: a member named `constructor` is not there unless the document has it. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export interface At<T> {
  value: T;
  pointer: string;
}

/** One value or a list of them, each with its pointer. An empty list is an error. */
export function oneOrMany(value: unknown, pointer: string, problems: Problems): At<unknown>[] {
  if (!Array.isArray(value)) return [{ value, pointer }];
  if (value.length === 0) problems.add(pointer, 'EmptyList', 'The list needs at least one entry.');
  return value.map((entry: unknown, index) => ({ value: entry, pointer: below(pointer, index) }));
}

/** The entries that are text; every other one is an error. */
export function texts(value: unknown, pointer: string, problems: Problems): At<string>[] {
  return oneOrMany(value, pointer, problems).flatMap((entry) => {
    if (isText(entry.value, entry.pointer, problems)) return [{ value: entry.value, pointer: entry.pointer }];
    return [];
  });
}

/** True for text that a policy may hold; else an error was added. */
export function isText(value: unknown, pointer: string, problems: Problems): value is string {
  if (typeof value !== 'string') {
    problems.add(pointer, 'InvalidType', 'Must be a string.');
    return false;
  }
  if (value.length > BOUNDS.valueLength) {
    problems.add(pointer, 'ValueTooLong', `Longer than ${BOUNDS.valueLength} characters.`);
    return false;
  }
  if (problems.latinOnly && /[^\t\n\r\u0020-\u00ff]/.test(value)) {
    problems.add(pointer, 'InvalidCharacter', 'Only tab, line ends and the characters U+0020 to U+00FF may stand in a policy.');
    return false;
  }
  return true;
}

/** Reports the members that the grammar does not know. */
export function onlyKnown(object: JsonObject, known: readonly string[], pointer: string, problems: Problems): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const meant = known.find((element) => element.toLowerCase() === name.toLowerCase());
    problems.add(below(pointer, name), 'UnknownElement', `${quoted(name)} is no element here${meant ? `; ${meant} is` : ''}.`);
  }
}
