import { createHash } from 'node:crypto';
import { parseEvent, type RecordedEvent } from '@wami/contracts';
import type { PublishedEvent } from './catalogue';
import { eventSchema } from './event-schema';
import { isObject, type Json, type JsonObject } from './json';
import { FIELD_SAMPLES, PLACES, SAMPLE_META, TARGET } from './sample-values';

/**
 * A first golden event of a type, every field in it, the same each time.
 * @throws Error where the schema asks for a value that cannot be guessed: then the golden file is written by hand.
 */
export function sampleEvent(event: PublishedEvent, earlier: number): RecordedEvent {
  const schema = eventSchema(event);
  const { data, personal } = valueOf(schema, schema, 'content') as JsonObject;
  const { stream, key, subject } = PLACES[event.aggregate] ?? placeOf(event.aggregate);
  const sample: RecordedEvent = {
    id: `evt_${ulidOf(event.type)}`, source: event.topic === 'wami.identity.v1' ? 'identity' : `sync-${TARGET.provider}`, type: event.type, stream,
    version: earlier + 1, key, tenant: 'acme', subject, data, personal, position: `1001.${earlier + 1}`, time: '2026-01-02T03:04:05.678Z', meta: SAMPLE_META,
  };
  try {
    return parseEvent(sample);
  } catch (error) {
    throw new Error(`no golden event could be made of ${event.type}, write it by hand: ${String(error)}`, { cause: error });
  }
}

function placeOf(aggregate: string): { readonly stream: string; readonly key: string; readonly subject: string } {
  const id = `${aggregate.slice(0, 3)}_${ulidOf(aggregate)}`;
  return { stream: id, key: id, subject: `arn:wami:iam:acme:wami:local:${aggregate}/${id}` };
}

const ulidOf = (text: string): string =>
  `01${[...createHash('sha256').update(text).digest()].map((byte) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte % 32]).join('').slice(0, 24)}`;

function valueOf(schema: Json, root: JsonObject, name: string): Json {
  if (!isObject(schema)) return 'anything';
  const { $ref, examples, const: only, enum: values, anyOf, type, minimum, items } = schema;
  if (typeof $ref === 'string') return valueOf(resolve(root, $ref), root, name);
  const known = FIELD_SAMPLES[name];
  if (known !== undefined) return known;
  if (Array.isArray(examples) && examples.length > 0) return examples[0] as Json;
  if (only !== undefined) return only;
  if (Array.isArray(values)) return values[0] as Json;
  if (Array.isArray(anyOf)) return valueOf(anyOf[0] as Json, root, name);
  switch (type) {
    case 'object': return objectOf(schema, root, name);
    case 'array': return [valueOf(items ?? {}, root, name)];
    case 'integer': case 'number': return typeof minimum === 'number' ? minimum : 1;
    case 'boolean': return true;
    case 'null': return null;
    default: return schema['format'] === 'date-time' ? '2026-01-02T03:05:00.000Z' : `some ${name}`;
  }
}

function objectOf({ properties = {}, additionalProperties }: JsonObject, root: JsonObject, name: string): Json {
  const fields = Object.entries(properties as JsonObject).map(([field, schema]) => [field, valueOf(schema, root, field)] as const);
  const more = isObject(additionalProperties) ? [['key', valueOf(additionalProperties, root, name)] as const] : [];
  return Object.fromEntries([...fields, ...more]);
}

function resolve(root: JsonObject, pointer: string): Json {
  return pointer.slice(2).split('/').reduce<Json>((at, step) => (isObject(at) ? at[step] ?? null : null), root);
}
