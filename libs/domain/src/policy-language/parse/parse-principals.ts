import type { Listed, Principal, PrincipalType } from '../model';
import { below, quoted, type Problems } from './problems';
import { principalFault } from './principal-syntax';
import { eitherForm, type Reading } from './reading';
import { isObject, texts, type At, type JsonObject } from './shapes';

const TYPES: readonly PrincipalType[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const ROOT_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;

export function readPrincipals(statement: JsonObject, reading: Reading): Listed<Principal> | undefined {
  const { pointer, kind, problems } = reading;
  const chosen = eitherForm(statement, 'Principal', reading);
  if (kind === 'identity' || kind === 'boundary') {
    if (!chosen) return undefined;
    return problems.add(chosen.pointer, 'UnsupportedElement', `${chosen.name} stands in resource-based policies only.`);
  }
  if (!chosen) return problems.add(pointer, 'MissingElement', 'A statement of a resource-based policy needs a Principal.');
  if (kind === 'trust' && chosen.negated) {
    return problems.add(chosen.pointer, 'UnsupportedElement', 'A trust policy takes Principal, not NotPrincipal.');
  }
  return { negated: chosen.negated, entries: readMap(chosen, reading) };
}

function readMap({ value, pointer }: At<unknown>, { kind, problems }: Reading): Principal[] {
  if (value === '*') return [{ type: 'AWS', value: '*' }];
  if (!isObject(value)) {
    problems.add(pointer, 'InvalidPrincipal', 'A principal is "*" or an object such as {"AWS": "123456789012"}.');
    return [];
  }
  const types = Object.keys(value);
  if (types.length === 0) problems.add(pointer, 'EmptyList', 'The principal names nobody.');
  return types.flatMap((name) => {
    const at = below(pointer, name);
    const type = TYPES.find((known) => known === name);
    if (!type || (kind === 'trust' && type === 'CanonicalUser')) {
      problems.add(at, 'InvalidPrincipalKey', `${quoted(name)} is none of AWS, Service, Federated${kind === 'trust' ? '' : ', CanonicalUser'}.`);
      return [];
    }
    return texts(value[name], at, problems).map((entry) => readPrincipal(type, entry, problems));
  });
}

function readPrincipal(type: PrincipalType, { value, pointer }: At<string>, problems: Problems): Principal {
  const fault = principalFault(type, value);
  if (fault) problems.add(pointer, fault.code, fault.detail);
  return { type, value: type === 'AWS' ? accountOfRoot(value) : value };
}

/** "The account ARN and the shortened account ID behave the same way." */
function accountOfRoot(value: string): string {
  return ROOT_ARN.exec(value)?.[1] ?? value;
}
