import { readShape } from '../../cloud/json-shape';
import type { MessageShape, ShapeErrors } from '../../cloud/json-shape';
import type { Fields } from '../azure-state';
import { badRequest } from '../errors';
import { ENTITY_TYPES } from './entity-types';
import type { EntityType } from './entity-types';

/** A body of JSON; nothing counts as an empty object. */
export function parseBody(body: string): Fields {
  try {
    const parsed: unknown = body === '' ? {} : JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // The same words as for what is JSON and no object.
  }
  throw badRequest('Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.');
}

/** What a body sets of an object; null sets the value of a new one. Refuses what the type does not have or nobody may set. */
export function readFields(entity: EntityType, body: string, making: boolean): Fields {
  const sent = parseBody(body);
  const shape: MessageShape = { ...entity.writable, ...(making ? entity.onCreate : {}) };
  const errors = shapeErrors(entity);
  const annotations = new Set(['@odata.type', '@odata.context', 'id'].filter((name) => name !== 'id' && name in sent));
  const named = Object.fromEntries(Object.entries(sent).filter(([name]) => !annotations.has(name)));
  const fields: Record<string, unknown> = { ...readShape(named, shape, errors), ...cleared(entity, named, shape, errors) };
  if ('onPremisesExtensionAttributes' in fields) fields['onPremisesExtensionAttributes'] = withNulls(fields['onPremisesExtensionAttributes'], named['onPremisesExtensionAttributes']);
  for (const [name, value] of Object.entries(fields)) checkLength(entity, name, value);
  return fields;
}

/** Extension attributes are cleared one by one. */
function withNulls(read: unknown, sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null) return read;
  return { ...(read as Fields), ...Object.fromEntries(Object.entries(sent).filter(([, value]) => value === null)) };
}

function cleared(entity: EntityType, sent: Fields, shape: MessageShape, errors: ShapeErrors): Fields {
  const names = Object.keys(sent).filter((name) => sent[name] === null);
  const unknown = names.find((name) => !Object.hasOwn(shape, name));
  if (unknown !== undefined) throw errors.unknownField('', unknown);
  const needed = names.find((name) => entity.required.includes(name));
  if (needed !== undefined) throw missing(entity, needed);
  return Object.fromEntries(names.map((name) => [name, { ...entity.shown, ...entity.hidden }[name] ?? null]));
}

export const missing = ({ label }: EntityType, property: string): Error => badRequest(`A value is required for property '${property}' of resource '${label}'.`);
export const invalidValue = ({ label }: EntityType, property: string): Error => badRequest(`Invalid value specified for property '${property}' of resource '${label}'.`);

function shapeErrors(entity: EntityType): ShapeErrors {
  const known = (name: string): boolean => Object.values(ENTITY_TYPES).some(({ type, shown, hidden, onCreate }) =>
    type === entity.type && (name === 'id' || name in shown || name in hidden || name in onCreate));
  return {
    unknownField: (at, field) => (at === '' && known(field)
      ? badRequest(`Property '${field}' is read-only and cannot be set.`)
      : badRequest(`One or more property values specified are invalid. Property '${at === '' ? field : `${at}/${field}`}' does not exist on type 'microsoft.graph.${entity.type}'.`)),
    wrongType: (at) => invalidValue(entity, at.replace(/[.[].*$/, '')),
  };
}

/** Entra keeps no empty texts either: a property is cleared by null. */
function checkLength(entity: EntityType, name: string, value: unknown): void {
  const most = entity.longest[name] ?? Number.POSITIVE_INFINITY;
  const texts = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  if (texts.some((text) => typeof text === 'string' && (text.length > most || (text === '' && !Array.isArray(value))))) throw invalidValue(entity, name);
}
