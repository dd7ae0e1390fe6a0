import type { Effect, Statement } from '../model';
import { readActions } from './parse-actions';
import { readConditions } from './parse-conditions';
import { readPrincipals } from './parse-principals';
import { readResources } from './parse-resources';
import { below } from './problems';
import type { Reading } from './reading';
import { isObject, isText, member, onlyKnown, type JsonObject } from './shapes';

const ELEMENTS = [
  'Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition',
];

/** Undefined where something that every statement needs is missing or wrong; the errors tell what. */
export function parseStatement(value: unknown, reading: Reading): Statement | undefined {
  const { pointer, problems } = reading;
  if (!isObject(value)) return problems.add(pointer, 'InvalidType', 'A statement is a JSON object.');
  onlyKnown(value, ELEMENTS, pointer, problems);
  const sid = readSid(value, reading);
  const effect = readEffect(value, reading);
  const principals = readPrincipals(value, reading);
  const actions = readActions(value, reading);
  const resources = readResources(value, reading);
  const conditions = readConditions(value, reading);
  return {
    pointer,
    ...(sid !== undefined && { sid }),
    // A statement that lacks them is never answered: parsePolicy then answers the errors.
    effect: effect ?? 'Deny',
    ...(principals && { principals }),
    actions: actions ?? { negated: false, entries: [] },
    ...(resources && { resources }),
    conditions,
  };
}

/** Consoles write empty Sids: they count as none. */
function readSid(statement: JsonObject, { pointer, kind, problems }: Reading): string | undefined {
  const sid = member(statement, 'Sid');
  if (sid === undefined || sid === '') return undefined;
  const at = below(pointer, 'Sid');
  if (!isText(sid, at, problems)) return undefined;
  if (kind === 'resource' || /^[A-Za-z0-9]+$/.test(sid)) return sid;
  return problems.add(at, 'InvalidSid', 'A Sid holds letters A-Z, a-z and digits only.');
}

function readEffect(statement: JsonObject, { pointer, problems }: Reading): Effect | undefined {
  const effect = member(statement, 'Effect');
  if (effect === 'Allow' || effect === 'Deny') return effect;
  if (effect === undefined) return problems.add(pointer, 'MissingElement', 'A statement needs an Effect.');
  return problems.add(below(pointer, 'Effect'), 'InvalidEffect', 'Effect is Allow or Deny, spelled so.');
}
