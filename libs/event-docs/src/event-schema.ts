import { z } from 'zod';
import type { PublishedEvent } from './catalogue';
import { isObject, type Json, type JsonObject } from './json';
import { FIELDS } from './words';

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
export const schemaFile = (type: string): string => `${type}.schema.json`;

/** The content of an event (what a Kafka record's value holds, and `data` of the CloudEvent) as JSON Schema, draft 2020-12. */
export function eventSchema(event: PublishedEvent): JsonObject {
  const { $schema: _dialect, ...content } = withFieldWords(event, generate(event, 'draft-2020-12'));
  return { $schema: DIALECT, $id: `urn:wami:event:${event.type}`, title: event.type, description: event.meaning, ...content };
}

/** The same in the dialect of AsyncAPI's own schemas, with what it refers to apart. */
export function asyncApiSchema(event: PublishedEvent): { readonly schema: JsonObject; readonly shared: JsonObject } {
  const { $schema: _dialect, definitions = {}, ...schema } = withFieldWords(event, generate(event, 'draft-7'));
  const rename = (name: string): string => (name.startsWith('__') ? `${event.type}${name}` : name);
  const shared = Object.entries(definitions as JsonObject).map(([name, one]) => [rename(name), moveRefs(withoutId(one), rename)]);
  return {
    schema: moveRefs({ title: event.type, description: event.meaning, ...schema }, rename) as JsonObject,
    shared: Object.fromEntries(shared) as JsonObject,
  };
}

function generate({ data, personal }: PublishedEvent, target: 'draft-2020-12' | 'draft-7'): JsonObject {
  return z.toJSONSchema(z.strictObject({ data, personal }), { target, io: 'input' }) as JsonObject;
}

function withoutId(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const { id: _id, $id: _uri, ...rest } = schema;
  return rest;
}

function moveRefs(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((one: Json) => moveRefs(one, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    const name = key === '$ref' && typeof inner === 'string' ? /^#\/definitions\/(.+)$/.exec(inner)?.[1] : undefined;
    return [key, name === undefined ? moveRefs(inner, rename) : `#/components/schemas/${rename(name)}`];
  }));
}

/** The words of a field, where its schema brings none of its own. */
export const fieldWords = (type: string, name: string): string | undefined => FIELDS[`${type}/${name}`] ?? FIELDS[name];

const SEALED: JsonObject = {
  type: 'object', additionalProperties: false, required: ['sealed', 'value'], title: 'Sealed',
  description: 'As it comes from Kafka: encrypted. The API and the stream over HTTP give it opened to whoever may read the tenant',
  properties: { sealed: { type: 'string', const: 'v1' }, value: { type: 'string', pattern: '^[A-Za-z0-9_-]{38,}$' } },
};
const ERASED: JsonObject = { type: 'object', additionalProperties: false, title: 'Erased', description: 'Somebody was erased: nothing of it is left' };

/** `personal` opened; the other forms that a reader meets stand beside it. */
function withOtherForms(personal: Json): Json {
  if (!isObject(personal) || Object.keys(isObject(personal['properties']) ? personal['properties'] : {}).length === 0) return personal;
  const { description = '', ...opened } = personal;
  return { description, anyOf: [{ title: 'Opened', ...opened }, SEALED, ERASED] };
}

/** The fields of a part of an event, in its opened form. */
export function openedForm(part: JsonObject): JsonObject {
  const [opened] = Array.isArray(part['anyOf']) ? part['anyOf'] as readonly Json[] : [part];
  return isObject(opened) ? opened : part;
}

function withFieldWords({ type }: PublishedEvent, schema: JsonObject): JsonObject {
  const parts = isObject(schema['properties']) ? schema['properties'] : {};
  const described = Object.entries(parts).map(([part, inner]) => {
    if (!isObject(inner) || !isObject(inner['properties'])) return [part, inner] as const;
    const properties = Object.entries(inner['properties']).map(([name, field]) => {
      const words = fieldWords(type, name);
      return [name, words === undefined || !isObject(field) || '$ref' in field ? field : { description: words, ...field }] as const;
    });
    const whole: JsonObject = { description: PARTS[part] ?? part, ...inner, properties: Object.fromEntries(properties) };
    return [part, part === 'personal' ? withOtherForms(whole) : whole] as const;
  });
  return { ...schema, properties: Object.fromEntries(described) };
}

const PARTS: Readonly<Record<string, string>> = {
  data: 'What happened. Never about a person',
  personal: 'What may be about a person: names, mail addresses, the words of people and of providers. Sealed in Kafka; forgotten on request, so never rest anything on it',
};
