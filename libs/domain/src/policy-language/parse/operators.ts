export type Quantifier = 'ForAllValues' | 'ForAnyValue';

/** How two values of a family compare. `arn` compares colon-delimited parts, `null` only asks whether the key is there. */
export type OperatorFamily =
  | 'string' | 'stringIgnoreCase' | 'stringLike' | 'numeric' | 'date' | 'bool' | 'binary' | 'ip' | 'arn' | 'null';

export type Relation = 'equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual';

interface OperatorRow {
  readonly name: string;
  readonly family: OperatorFamily;
  /** Holds where none of the values matches, and where the key is missing. */
  readonly negated?: true;
  readonly relation?: Relation;
}

/** Every operator of "IAM JSON policy elements: Condition operators". */
export const OPERATORS = [
  { name: 'StringEquals', family: 'string' },
  { name: 'StringNotEquals', family: 'string', negated: true },
  { name: 'StringEqualsIgnoreCase', family: 'stringIgnoreCase' },
  { name: 'StringNotEqualsIgnoreCase', family: 'stringIgnoreCase', negated: true },
  { name: 'StringLike', family: 'stringLike' },
  { name: 'StringNotLike', family: 'stringLike', negated: true },
  { name: 'NumericEquals', family: 'numeric', relation: 'equal' },
  { name: 'NumericNotEquals', family: 'numeric', relation: 'equal', negated: true },
  { name: 'NumericLessThan', family: 'numeric', relation: 'less' },
  { name: 'NumericLessThanEquals', family: 'numeric', relation: 'lessOrEqual' },
  { name: 'NumericGreaterThan', family: 'numeric', relation: 'greater' },
  { name: 'NumericGreaterThanEquals', family: 'numeric', relation: 'greaterOrEqual' },
  { name: 'DateEquals', family: 'date', relation: 'equal' },
  { name: 'DateNotEquals', family: 'date', relation: 'equal', negated: true },
  { name: 'DateLessThan', family: 'date', relation: 'less' },
  { name: 'DateLessThanEquals', family: 'date', relation: 'lessOrEqual' },
  { name: 'DateGreaterThan', family: 'date', relation: 'greater' },
  { name: 'DateGreaterThanEquals', family: 'date', relation: 'greaterOrEqual' },
  { name: 'Bool', family: 'bool' },
  { name: 'BinaryEquals', family: 'binary' },
  { name: 'IpAddress', family: 'ip' },
  { name: 'NotIpAddress', family: 'ip', negated: true },
  { name: 'ArnEquals', family: 'arn' },
  { name: 'ArnLike', family: 'arn' },
  { name: 'ArnNotEquals', family: 'arn', negated: true },
  { name: 'ArnNotLike', family: 'arn', negated: true },
  { name: 'Null', family: 'null' },
] as const satisfies readonly OperatorRow[];

export type ConditionOperator = (typeof OPERATORS)[number]['name'];

const ROWS: ReadonlyMap<string, OperatorRow & { name: ConditionOperator }> =
  new Map(OPERATORS.map((row) => [row.name.toLowerCase(), row]));

const QUANTIFIERS: Readonly<Record<string, Quantifier | undefined>> = { forallvalues: 'ForAllValues', foranyvalue: 'ForAnyValue' };

const IF_EXISTS = 'ifexists';

export function operatorRow(operator: ConditionOperator): OperatorRow {
  const row = ROWS.get(operator.toLowerCase());
  if (!row) throw new Error(`no such operator: ${operator}`);
  return row;
}

export interface WrittenOperator {
  operator: ConditionOperator;
  quantifier?: Quantifier;
  ifExists: boolean;
}

/** Reads `ForAnyValue:StringLikeIfExists`, whatever its case; undefined where it is no operator (`Null` takes no `IfExists`). */
export function readOperator(written: string): WrittenOperator | undefined {
  const parts = written.toLowerCase().split(':');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) return undefined;
  const quantifier = parts.length === 2 ? QUANTIFIERS[parts[0] ?? ''] : undefined;
  if (parts.length === 2 && !quantifier) return undefined;
  const ifExists = name.endsWith(IF_EXISTS);
  const row = ROWS.get(ifExists ? name.slice(0, -IF_EXISTS.length) : name);
  if (!row || (ifExists && row.family === 'null')) return undefined;
  return { operator: row.name, ...(quantifier && { quantifier }), ifExists };
}

/** The operator as a document spells it. */
export function writeOperator({ operator, quantifier, ifExists }: WrittenOperator): string {
  return `${quantifier ? `${quantifier}:` : ''}${operator}${ifExists ? 'IfExists' : ''}`;
}
