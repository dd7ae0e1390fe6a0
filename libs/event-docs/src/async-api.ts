import { TOPICS, toCloudEvent, type RecordedEvent, type Topic } from '@wami/contracts';
import type { PublishedEvent } from './catalogue';
import { ENVELOPE_SCHEMA, KAFKA_HEADERS, WATERMARK_HEADERS } from './envelope';
import { asyncApiSchema } from './event-schema';
import { isObject, type Json, type JsonObject } from './json';

/** An event of each type, for the examples. */
export type Samples = ReadonlyMap<string, RecordedEvent>;

const ref = ($ref: string): JsonObject => ({ $ref });
const merged = (parts: readonly JsonObject[]): JsonObject => Object.assign({}, ...parts) as JsonObject;
const overHttp = (type: string): string => `${type}.http`;

/** An AsyncAPI 3 document that needs no other file: the topics of Kafka, the stream over HTTP, and every event on both. */
export function asyncApiDocument(events: readonly PublishedEvent[], samples: Samples): JsonObject {
  const schemas = events.map((event) => ({ event, ...asyncApiSchema(event) }));
  const { $schema: _dialect, $id: _id, ...envelope } = ENVELOPE_SCHEMA;
  return {
    asyncapi: '3.0.0', id: 'urn:wami:events',
    info: {
      title: 'WAMI events', version: '1.0.0', license: { name: 'Apache-2.0' },
      description: 'Every change of an identity and every outcome at a provider, as CloudEvents 1.0. How to read them, and what is promised: docs/subscribe.md.',
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: { host: 'localhost:9092', protocol: 'kafka', description: 'Where WAMI_KAFKA_BROKERS points.' },
      http: { host: '127.0.0.1:8080', protocol: 'http', description: 'The projection service.', security: [ref('#/components/securitySchemes/bearer')] },
    },
    channels: {
      identity: topicChannel(TOPICS.identity, 'Intent: what somebody wants, written by the identity service.', events),
      sync: topicChannel(TOPICS.sync, 'Outcomes: what sync services did at providers.', events),
      stream: streamChannel(events),
    },
    operations: {
      publishIntent: { action: 'send', channel: ref('#/channels/identity'), summary: 'Every event of the identity service, those of one key in order, at least once.' },
      publishOutcomes: { action: 'send', channel: ref('#/channels/sync'), summary: 'Every event of the sync services, those of one key in order, at least once.' },
      streamEvents: {
        action: 'send', channel: ref('#/channels/stream'), summary: 'Everything of the caller\'s tenant from a position on; stays open.',
        bindings: { http: { method: 'GET', query: STREAM_QUERY, bindingVersion: '0.3.0' } },
      },
    },
    components: {
      messages: { ...merged(events.map((event) => messagesOf(event, samples.get(event.type)))), watermark: WATERMARK },
      schemas: {
        CloudEvent: envelope, KafkaHeaders: KAFKA_HEADERS, ...merged(schemas.map(({ shared }) => shared)),
        ...merged(schemas.map(({ event, schema }) => ({ [event.type]: schema }))),
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The administrator\'s token, an API key or an OIDC access token.' } },
    },
  };
}

function topicChannel(topic: Topic, description: string, events: readonly PublishedEvent[]): JsonObject {
  const messages = events.filter((event) => event.topic === topic).map(({ type }) => ({ [type]: ref(`#/components/messages/${type}`) }));
  return {
    address: topic, description, servers: [ref('#/servers/kafka')],
    messages: { ...merged(messages), watermark: ref('#/components/messages/watermark') },
    bindings: { kafka: { topic, topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1 }, bindingVersion: '0.5.0' } },
  };
}

function streamChannel(events: readonly PublishedEvent[]): JsonObject {
  return {
    address: '/v1/events', servers: [ref('#/servers/http')],
    description: 'Server-sent events with `Accept: text/event-stream`. Frame: `id` = position, `event` = type, `data` = the CloudEvent. '
      + 'Resume with the header `Last-Event-ID`; lines that start with a colon only show that the connection lives.',
    messages: merged(events.map(({ type }) => ({ [overHttp(type)]: ref(`#/components/messages/${overHttp(type)}`) }))),
  };
}

function messagesOf({ type, meaning }: PublishedEvent, sample: RecordedEvent | undefined): JsonObject {
  const content = ref(`#/components/schemas/${type}`);
  const about = { name: type, title: type, summary: meaning, contentType: 'application/json' };
  const examples = (payload: unknown): JsonObject => ({ examples: [{ name: type, payload: payload as JsonObject }] });
  return {
    [type]: {
      ...about, headers: ref('#/components/schemas/KafkaHeaders'), payload: content,
      bindings: { kafka: { key: { type: 'string', description: 'The id of the resource: `ce_key`' }, bindingVersion: '0.5.0' } },
      ...(sample ? examples({ data: sample.data, personal: sealedForm(sample.personal) }) : {}),
    },
    [overHttp(type)]: {
      ...about, payload: { allOf: [ref('#/components/schemas/CloudEvent'), { type: 'object', properties: { type: { type: 'string', const: type }, data: content } }] },
      ...(sample ? examples(toCloudEvent(sample)) : {}),
    },
  };
}

/** What a subscriber of Kafka sees of it. */
function sealedForm(personal: unknown): unknown {
  return isObject(personal as Json) && Object.keys(personal as JsonObject).length > 0 ? { sealed: 'v1', value: 'vSTpDhEUYxZdqHcTkqXJYgLqvJZbqcVt9PzB3mXrUaA4KjQ0' } : personal;
}

const WATERMARK: JsonObject = {
  name: 'watermark', title: 'Watermark', summary: 'A record without key and content, for WAMI\'s own consumers: pass over it.',
  headers: WATERMARK_HEADERS, payload: { type: 'null' },
};

const STREAM_QUERY: JsonObject = {
  type: 'object',
  properties: {
    after: { type: 'string', description: 'A position: only what was taken in after it; `now`: only what comes from here on. Without: from the start.' },
    type: { type: 'array', items: { type: 'string' }, description: 'Only these types.' },
    tenant: { type: 'string', description: 'Includes its children; by default the caller\'s own.' },
  },
};
