import type { Condition, Listed, Policy, Principal, Statement } from '../model';
import { writeOperator, type ConditionOperator } from '../parse/operators';

/** JSON in which a policy can be stored or sent. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** The document of a policy: parsePolicy reads the same policy from it. Lists stay lists, also of one entry. */
export function policyDocument({ version, id, statements }: Policy): PolicyDocument {
  return { Version: version, ...(id !== undefined && { Id: id }), Statement: statements.map(statementDocument) };
}

function statementDocument({ sid, effect, principals, actions, resources, conditions }: Statement): PolicyDocument {
  return {
    ...(sid !== undefined && { Sid: sid }),
    Effect: effect,
    ...(principals && { [elementName('Principal', principals)]: principalDocument(principals.entries) }),
    [elementName('Action', actions)]: actions.entries,
    ...(resources && { [elementName('Resource', resources)]: resources.entries }),
    ...(conditions.length > 0 && { Condition: conditionDocument(conditions) }),
  };
}

function elementName(name: string, { negated }: Listed<unknown>): string {
  return negated ? `Not${name}` : name;
}

function principalDocument(entries: readonly Principal[]): unknown {
  if (entries.length === 1 && entries[0]?.value === '*') return '*';
  const byType: Record<string, string[]> = {};
  for (const { type, value } of entries) (byType[type] ??= []).push(value);
  return byType;
}

/** Two names of one operator: where the first is taken for a key already, the second says the same. */
const SYNONYMS: Partial<Record<ConditionOperator, ConditionOperator>> = {
  ArnLike: 'ArnEquals', ArnEquals: 'ArnLike', ArnNotLike: 'ArnNotEquals', ArnNotEquals: 'ArnNotLike',
};

function conditionDocument(conditions: readonly Condition[]): PolicyDocument {
  const document = new Map<string, Map<string, string[]>>();
  for (const condition of conditions) {
    const plain = writeOperator(condition);
    const taken = document.get(plain)?.has(condition.key) === true;
    const name = taken ? writeOperator({ ...condition, operator: SYNONYMS[condition.operator] ?? condition.operator }) : plain;
    const keys = document.get(name) ?? new Map<string, string[]>();
    document.set(name, keys.set(condition.key, condition.values));
  }
  return Object.fromEntries([...document].map(([name, keys]) => [name, Object.fromEntries(keys)]));
}
