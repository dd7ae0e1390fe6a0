import type { Condition, PolicyVersion } from '../model';
import { operatorRow } from '../parse/operators';
import type { RequestContext } from './context';
import { valueTest } from './value-tests';

/**
 * "Conditions with multiple context keys or values": any of the values (none of them, for a negated operator). A key that is
 * missing matches nothing, so negated operators hold; `...IfExists` holds; `ForAllValues` holds, `ForAnyValue` does not.
 * Without a set operator, several values in the request count as a match where one of them matches.
 */
export function conditionHolds(condition: Condition, version: PolicyVersion, context: RequestContext): boolean {
  const { family, relation = 'equal', negated = false } = operatorRow(condition.operator);
  const given = context.values(condition.key);
  if (family === 'null') return condition.values.some((value) => (value.toLowerCase() === 'true') === (given.length === 0));
  // Before the key is looked at, so that variables without a value are noted as well.
  const tests = condition.values.map((value) => valueTest(family, relation, value, version, context));
  if (given.length === 0) return whereMissing(condition, negated);
  const matches = (value: string) => tests.some((test) => test?.(value) === true);
  switch (condition.quantifier) {
    case 'ForAllValues': return isNullSet(given) || given.every((value) => matches(value) !== negated);
    case 'ForAnyValue': return !isNullSet(given) && given.some((value) => matches(value) !== negated);
    case undefined: return given.some(matches) !== negated;
  }
}

function whereMissing({ ifExists, quantifier }: Condition, negated: boolean): boolean {
  if (ifExists) return true;
  if (quantifier === undefined) return negated;
  return quantifier === 'ForAllValues';
}

/** "... or if the key values resolve to a null data set, such as an empty string." */
function isNullSet(given: readonly string[]): boolean {
  return given.every((value) => value === '');
}
