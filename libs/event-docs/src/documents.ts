import { asyncApiDocument, type Samples } from './async-api';
import type { PublishedEvent } from './catalogue';
import { ENVELOPE_SCHEMA } from './envelope';
import { eventSchema, schemaFile } from './event-schema';
import { indexPage } from './index-page';
import { jsonText, type JsonObject } from './json';

/** File name -> schema, of everything that is never edited once it was published. */
export const schemasOf = (events: readonly PublishedEvent[]): ReadonlyMap<string, JsonObject> =>
  new Map(events.map((event) => [schemaFile(event.type), eventSchema(event)]));

/** File name -> text, of everything in `docs/events`. */
export function documentsOf(events: readonly PublishedEvent[], samples: Samples): ReadonlyMap<string, string> {
  return new Map([
    ...[...schemasOf(events)].map(([name, schema]) => [name, jsonText(schema)] as const),
    ['cloud-event.schema.json', jsonText(ENVELOPE_SCHEMA)],
    ['asyncapi.json', jsonText(asyncApiDocument(events, samples))],
    ['README.md', indexPage(events)],
  ]);
}
