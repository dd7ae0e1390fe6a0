import { DIALECT } from './event-schema';
import type { JsonObject } from './json';

interface Attribute {
  readonly means: string;
  readonly schema: JsonObject;
  readonly optional?: true;
}
const text = (means: string, more: JsonObject = {}): Attribute => ({ means, schema: { type: 'string', ...more } });

/** Every attribute of the CloudEvent except its content. */
export const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  specversion: text('Version of CloudEvents', { const: '1.0' }),
  id: text('Names the event, the same on every delivery: drop what you have seen by it', { pattern: '^evt_' }),
  source: text('Service that wrote it: `identity`, or a sync service such as `sync-aws`'),
  type: text('`wami.<aggregate>.<past tense>.v<n>`', { pattern: '^wami\\.[a-z-]+\\.[a-z-]+\\.v[0-9]+$' }),
  subject: text('ARN of what it is about'),
  time: text('When it was recorded', { format: 'date-time' }),
  datacontenttype: text('Media type of the content', { const: 'application/json' }),
  tenant: text('Path of the tenant'),
  key: text('Id of the resource that it is about. Events of one key come in order'),
  stream: text('The aggregate\'s own stream: a resource id, `mem_...` for a membership, `aws/<account>/<resource id>` for a binding'),
  streamversion: { means: 'Number of the event in its stream, from 1 and without gaps', schema: { type: 'integer', minimum: 1 } },
  position: text('Opaque place to resume from (`after`, `Last-Event-ID`) in the list and the stream over HTTP'),
  actor: text('Who caused it: an id, or `admin`'),
  correlationid: text('The same on everything that one request caused'),
  causationid: { ...text('Event or command that caused this one'), optional: true },
  traceparent: { ...text('W3C trace context of the request'), optional: true },
  single: { means: 'True where one request named this one subject; absent in batches and for what follows from something else', schema: { type: 'boolean' }, optional: true },
};

const required = Object.entries(ATTRIBUTES).flatMap(([name, { optional }]) => (optional ? [] : [name]));
const described = Object.entries(ATTRIBUTES).map(([name, { means, schema }]) => [name, { description: means, ...schema }] as const);

/** The CloudEvent in JSON with any content. More attributes may come: a reader passes over those that it does not know. */
export const ENVELOPE_SCHEMA: JsonObject = {
  $schema: DIALECT, $id: 'urn:wami:cloud-event', title: 'CloudEvent', description: 'CloudEvents 1.0 in JSON, as the list and the stream over HTTP deliver it.',
  type: 'object', properties: { ...Object.fromEntries(described), data: { description: 'The content: the schema of the event\'s type', type: 'object' } },
  required: [...required, 'data'],
};

const WAMI_HEADERS: JsonObject = {
  wami_epoch: { type: 'string', description: 'Changes when the writer\'s database was restored from a backup' },
  wami_position: { type: 'string', description: 'Place in the source\'s own log: `<transaction>.<position>`, compared as numbers' },
};

/** Headers of an event in Kafka: CloudEvents in binary content mode, every value as text. */
export const KAFKA_HEADERS: JsonObject = {
  type: 'object',
  properties: {
    'content-type': { type: 'string', const: 'application/json' },
    ...Object.fromEntries(described.flatMap(([name, { description, ...schema }]) => {
      if (name === 'datacontenttype') return [];
      return [[`ce_${name}`, name === 'streamversion' ? { description, type: 'string', pattern: '^[0-9]+$' } : { description, ...schema }]];
    })),
    ...WAMI_HEADERS,
  },
  required: ['content-type', ...required.filter((name) => name !== 'datacontenttype').map((name) => `ce_${name}`), 'wami_epoch', 'wami_position'],
};

/** A record without key and content that tells WAMI's own consumers how far a source has come; a subscriber passes over it. */
export const WATERMARK_HEADERS: JsonObject = {
  type: 'object',
  properties: { wami_watermark: { type: 'string', description: 'The source that it speaks of' }, ...WAMI_HEADERS },
  required: ['wami_watermark', 'wami_epoch', 'wami_position'],
};
