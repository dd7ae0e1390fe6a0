import { canonical, isObject, type Json, type JsonObject } from './json';

/** Words may change: they say the same better. Everything else of a published version is never edited, not even by an optional field. */
const WORDS: ReadonlySet<string> = new Set(['description', 'title', 'examples', '$comment']);
/** Below these, the keys are names of fields. */
const NAMES: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'patternProperties']);

/** Where two schemas differ, as JSON pointers; none where only words do. */
export function differences(before: Json | undefined, after: Json | undefined, at = '', names = false): readonly string[] {
  if (canonical(before) === canonical(after)) return [];
  if (!isObject(before) || !isObject(after)) return [at === '' ? '/' : at];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => names || !WORDS.has(key));
  return keys.flatMap((key) => differences(before[key], after[key], `${at}/${key}`, !names && NAMES.has(key)));
}

/** What is wrong with the schemas of now, beside those that were published: one line each. */
export function brokenPromises(published: ReadonlyMap<string, JsonObject>, now: ReadonlyMap<string, JsonObject>): readonly string[] {
  return [...published].flatMap(([name, before]) => {
    const after = now.get(name);
    if (!after) return [`${name} was published and is gone: events of it are in logs for ever`];
    const changed = differences(before, after);
    return changed.length === 0 ? [] : [`${name} was published and has changed at ${changed.join(', ')}: define a new version with an upcaster instead`];
  });
}
