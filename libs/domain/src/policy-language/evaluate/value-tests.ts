import { coversArn } from '../match/arn';
import { readDate } from '../match/date';
import { compareDecimals } from '../match/decimal';
import { covers, literalTokens } from '../match/glob';
import { cidrHolds, readCidr } from '../match/ip';
import { patternOf, textOf } from '../match/tokens';
import type { PolicyVersion } from '../model';
import type { OperatorFamily, Relation } from '../parse/operators';
import type { RequestContext } from './context';

/** Asks one value of the request. */
export type ValueTest = (given: string) => boolean;

/** The test that one value of a policy is; undefined where a variable in it has no value: nothing is equal or like that. */
export function valueTest(
  family: OperatorFamily, relation: Relation, wanted: string, version: PolicyVersion, context: RequestContext,
): ValueTest | undefined {
  const { work } = context;
  const test = uncountedTest(family, relation, wanted, version, context);
  return test && ((given) => {
    work.spend(given.length + wanted.length);
    return test(given);
  });
}

function uncountedTest(
  family: OperatorFamily, relation: Relation, wanted: string, version: PolicyVersion, context: RequestContext,
): ValueTest | undefined {
  const resolve = (key: string): string | undefined => context.single(key);
  switch (family) {
    case 'stringLike':
    case 'arn': {
      const pattern = patternOf(wanted, version, resolve);
      const matches = family === 'arn' ? coversArn : covers;
      return pattern && ((given) => {
        context.work.spendOnMatch(pattern.length, given.length);
        return matches(pattern, literalTokens(given));
      });
    }
    case 'string':
    case 'stringIgnoreCase':
    case 'bool': {
      const text = textOf(wanted, version, resolve);
      if (text === undefined) return undefined;
      return (given) => {
        context.work.spend(text.length);
        return family === 'string' ? given === text : given.toLowerCase() === text.toLowerCase();
      };
    }
    case 'numeric': return (given) => holds(relation, compareDecimals(given, wanted));
    case 'date': return (given) => holds(relation, compareDates(given, wanted));
    case 'binary': return (given) => unpadded(given) === unpadded(wanted);
    case 'ip': {
      const range = readCidr(wanted);
      return (given) => {
        const address = readCidr(given);
        return range !== undefined && address !== undefined && cidrHolds(range, address);
      };
    }
    case 'null': return () => false;
  }
}

function compareDates(left: string, right: string): number | undefined {
  const a = readDate(left);
  const b = readDate(right);
  return a === undefined || b === undefined ? undefined : a - b;
}

function holds(relation: Relation, order: number | undefined): boolean {
  if (order === undefined) return false;
  switch (relation) {
    case 'equal': return order === 0;
    case 'less': return order < 0;
    case 'lessOrEqual': return order <= 0;
    case 'greater': return order > 0;
    case 'greaterOrEqual': return order >= 0;
  }
}

/** By hand: a regular expression would try every `=` of a long run anew. */
function unpadded(base64: string): string {
  let end = base64.length;
  while (base64[end - 1] === '=') end -= 1;
  return base64.slice(0, end);
}
