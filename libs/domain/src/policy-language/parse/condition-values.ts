import { readDate } from '../match/date';
import { isDecimal } from '../match/decimal';
import { readCidr } from '../match/ip';
import type { PolicyVersion } from '../model';
import { operatorRow, type ConditionOperator, type OperatorFamily } from './operators';
import type { PolicyErrorCode } from './problems';
import { hasVariables, templateOf, FAULTS } from './templates';

interface ValueFault {
  code: PolicyErrorCode;
  detail: string;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Variables stand in values of string, ARN and (as "Condition operators" says) boolean operators. */
const WITH_VARIABLES: readonly OperatorFamily[] = ['string', 'stringIgnoreCase', 'stringLike', 'arn', 'bool'];

/** What is wrong with a value for its operator. */
export function valueFault(operator: ConditionOperator, value: string, version: PolicyVersion): ValueFault | undefined {
  const { family } = operatorRow(operator);
  const template = templateOf(value, version);
  if (!WITH_VARIABLES.includes(family) && version === '2012-10-17' && value.includes('${')) {
    return { code: 'VariableNotAllowed', detail: 'Variables stand in values of string, ARN and boolean operators only.' };
  }
  if ('fault' in template) return { code: template.fault, detail: FAULTS[template.fault] };
  if (hasVariables(template.parts)) return undefined;
  const expected = mismatch(family, value);
  return expected === undefined ? undefined : { code: 'InvalidConditionValue', detail: `${operator} takes ${expected}.` };
}

function mismatch(family: OperatorFamily, value: string): string | undefined {
  switch (family) {
    case 'string':
    case 'stringIgnoreCase':
    case 'stringLike':
    case 'arn': return undefined;
    case 'numeric': return isDecimal(value) ? undefined : 'an integer or a decimal number';
    case 'date': return readDate(value) !== undefined ? undefined : 'an ISO 8601 date of the W3C profile, or seconds since 1970';
    case 'ip': return readCidr(value) ? undefined : 'an IPv4 or IPv6 address or range in CIDR notation';
    case 'binary': return BASE64.test(value) ? undefined : 'base64';
    case 'bool':
    case 'null': return /^(?:true|false)$/i.test(value) ? undefined : 'true or false';
  }
}
