import type { Condition } from '../model';
import { valueFault } from './condition-values';
import { readOperator, type WrittenOperator } from './operators';
import { below, quoted } from './problems';
import type { Reading } from './reading';
import { isObject, isText, member, oneOrMany, type At, type JsonObject } from './shapes';

/** `service:key`; a tag's key may follow a slash and hold spaces. */
const KEY = /^[^\s:]+:.+$/;

export function readConditions(statement: JsonObject, reading: Reading): Condition[] {
  const written = member(statement, 'Condition');
  if (written === undefined) return [];
  const pointer = below(reading.pointer, 'Condition');
  if (!isObject(written)) {
    reading.problems.add(pointer, 'InvalidType', 'Condition is an object of operators.');
    return [];
  }
  const seen = new Set<string>();
  return Object.entries(written).flatMap(([name, keys]) => {
    const at = below(pointer, name);
    const operator = readOperator(name);
    if (!operator) {
      reading.problems.add(at, 'InvalidConditionOperator', `${quoted(name)} is no condition operator.`);
      return [];
    }
    if (seen.has(name.toLowerCase())) reading.problems.add(at, 'DuplicateConditionOperator', 'The operator stands here in another case already.');
    seen.add(name.toLowerCase());
    return readKeys(operator, { value: keys, pointer: at }, reading);
  });
}

function readKeys(operator: WrittenOperator, { value, pointer }: At<unknown>, reading: Reading): Condition[] {
  const { problems } = reading;
  if (!isObject(value) || Object.keys(value).length === 0) {
    problems.add(pointer, 'InvalidType', 'An operator takes an object of at least one condition key.');
    return [];
  }
  const seen = new Set<string>();
  return Object.entries(value).map(([key, values]) => {
    const at = below(pointer, key);
    if (isText(key, at, problems) && !KEY.test(key)) problems.add(at, 'InvalidConditionKey', `${quoted(key)} is not "service:key".`);
    if (seen.has(key.toLowerCase())) problems.add(at, 'DuplicateConditionKey', 'Key names know no case: this one stands here already.');
    seen.add(key.toLowerCase());
    return { ...operator, key, values: readValues(operator, { value: values, pointer: at }, reading) };
  });
}

function readValues({ operator }: WrittenOperator, { value, pointer }: At<unknown>, { version, problems }: Reading): string[] {
  return oneOrMany(value, pointer, problems).flatMap((entry) => {
    const text = typeof entry.value === 'number' || typeof entry.value === 'boolean' ? String(entry.value) : entry.value;
    if (typeof text !== 'string') {
      problems.add(entry.pointer, 'InvalidType', 'A condition value is a string, a number or a boolean.');
      return [];
    }
    if (!isText(text, entry.pointer, problems)) return [];
    const fault = valueFault(operator, text, version);
    if (fault) problems.add(entry.pointer, fault.code, fault.detail);
    return [text];
  });
}
