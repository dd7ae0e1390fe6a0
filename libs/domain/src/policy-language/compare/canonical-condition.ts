import { coversArn } from '../match/arn';
import { readDate } from '../match/date';
import { canonicalDecimal } from '../match/decimal';
import { covers } from '../match/glob';
import { canonicalCidr, readCidr } from '../match/ip';
import { openPattern } from '../match/tokens';
import type { Condition, PolicyVersion } from '../model';
import { operatorRow, type ConditionOperator, type OperatorFamily } from '../parse/operators';
import { canonicalText } from './canonical-text';
import { minimal } from './minimal';

/** "The ArnEquals and ArnLike condition operators behave identically", and so do their negated forms. */
const SAME_AS: Partial<Record<ConditionOperator, ConditionOperator>> = { ArnEquals: 'ArnLike', ArnNotEquals: 'ArnNotLike' };

export function canonicalCondition(condition: Condition, version: PolicyVersion): Condition {
  const { family } = operatorRow(condition.operator);
  const texts = condition.values.map((value) => canonicalValue(family, value, version));
  const comparable = texts.map((text) => ({ text, pattern: openPattern(text, version) }));
  return {
    ...condition,
    operator: SAME_AS[condition.operator] ?? condition.operator,
    key: condition.key.toLowerCase(),
    values: minimal(comparable, coveringOf(family)),
  };
}

function coveringOf(family: OperatorFamily): typeof covers {
  if (family === 'arn') return coversArn;
  return family === 'stringLike' ? covers : () => false;
}

function canonicalValue(family: OperatorFamily, value: string, version: PolicyVersion): string {
  switch (family) {
    case 'string': return canonicalText(value, version, {});
    case 'stringIgnoreCase':
    case 'bool':
    case 'null': return canonicalText(value, version, { ignoreCase: true });
    case 'stringLike':
    case 'arn': return canonicalText(value, version, { wildcards: true });
    case 'numeric': return canonicalDecimal(value);
    case 'date': return canonicalDate(value);
    case 'binary': return value.replace(/=+$/, '');
    case 'ip': {
      const range = readCidr(value);
      return range ? canonicalCidr(range) : value;
    }
  }
}

function canonicalDate(value: string): string {
  const time = readDate(value);
  if (time === undefined) return value;
  const date = new Date(time);
  // Only years of four digits can be written as the policy language reads them.
  return date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9_999 ? date.toISOString() : value;
}
