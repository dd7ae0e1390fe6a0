import type { PublishedEvent } from './catalogue';
import { ATTRIBUTES } from './envelope';
import { eventSchema, openedForm, schemaFile } from './event-schema';
import { isObject, type Json, type JsonObject } from './json';

/** `docs/events/README.md`. */
export function indexPage(events: readonly PublishedEvent[]): string {
  const aggregates = [...new Set(events.map(({ aggregate }) => aggregate))];
  return `${[
    HEAD, '## Attributes of every event', '', '| attribute | Kafka header | |', '|---|---|---|', ...Object.entries(ATTRIBUTES).map(attributeRow), '',
    '## All events', '', '| type | topic | means |', '|---|---|---|',
    ...events.map(({ type, topic, meaning }) => row([`[\`${type}\`](#${anchor(type)})`, `\`${topic}\``, meaning])), '',
    ...aggregates.flatMap((aggregate) => [`## ${aggregate}`, '', ...events.filter((event) => event.aggregate === aggregate).flatMap(section)]),
  ].join('\n').trimEnd()}\n`;
}

const HEAD = `# Events

Written by \`npm run docs:events\` from the schemas in \`libs/contracts\`; do not edit. How to get events and what is promised: [subscribe.md](../subscribe.md).
[asyncapi.json](asyncapi.json) describes topics, stream and every event for machines; [cloud-event.schema.json](cloud-event.schema.json) is the envelope.

The content of every event is \`{"data": {...}, "personal": {...}}\`. What may be about a person stands in \`personal\` and nowhere else:
sealed in Kafka (\`{"sealed": "v1", "value": "..."}\`), opened over HTTP for whoever may read the tenant, \`{}\` where somebody was erased. A published version is never edited: whatever changes, an added optional field too, comes as a new version under a type of its own.
`;

const anchor = (type: string): string => type.replace(/\./g, '');
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |`;

function attributeRow([name, { means, optional }]: readonly [string, (typeof ATTRIBUTES)[string]]): string {
  return row([`\`${name}\``, name === 'datacontenttype' ? '`content-type`' : `\`ce_${name}\``, `${means}${optional ? ' (optional)' : ''}`]);
}

function section(event: PublishedEvent): readonly string[] {
  const { properties = {} } = eventSchema(event);
  const fields = Object.entries(properties as JsonObject).flatMap(([part, schema]) => (isObject(schema) ? fieldRows(part, openedForm(schema)) : []));
  return [
    `### ${event.type}`, '', event.meaning, '', `Topic \`${event.topic}\`, schema [${schemaFile(event.type)}](${schemaFile(event.type)}).`, '',
    ...(fields.length === 0 ? ['It has no fields.'] : ['| field | type | personal | |', '|---|---|---|---|', ...fields]), '',
  ];
}

function fieldRows(part: string, { properties = {}, required = [] }: JsonObject): readonly string[] {
  return Object.entries(properties as JsonObject).map(([name, schema]) => {
    const optional = (required as readonly Json[]).includes(name) ? '' : ', optional';
    const words = isObject(schema) && typeof schema['description'] === 'string' ? schema['description'] : '';
    return row([`\`${part}.${name}\``, `${typeName(schema)}${optional}`, part === 'personal' ? 'yes' : '', words]);
  });
}

function typeName(schema: Json): string {
  if (!isObject(schema)) return 'anything';
  const { $ref, type, enum: values, const: only, anyOf, items } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? 'anything';
  if (Array.isArray(values)) return values.map((value: Json) => `\`${String(value)}\``).join(', ');
  if (only !== undefined) return `\`${String(only)}\``;
  if (Array.isArray(anyOf)) return anyOf.map(typeName).join(' or ');
  if (type === 'array') return `list of ${typeName(items ?? {})}`;
  return typeof type === 'string' ? type : 'anything';
}
