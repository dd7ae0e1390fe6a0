import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { toCloudEvent, type RecordedEvent } from '@wami/contracts';
import Ajv from 'ajv';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { catalogue } from './catalogue';
import { docsCommand } from './docs-command';
import { ATTRIBUTES } from './envelope';
import { schemaFile } from './event-schema';
import { Repository } from './repository';

const ROOT = join(__dirname, '..', '..', '..');
const repository = new Repository(ROOT);
const document = (name: string): string => readFileSync(join(ROOT, 'docs', 'events', name), 'utf8');
const types = catalogue().map(({ type }) => type);

const ajv = addFormats(new Ajv2020({ strict: true, strictTypes: false, allErrors: true }));
const compiled = new Map<string, ValidateFunction>();
function schema(name: string): ValidateFunction {
  const made = compiled.get(name) ?? ajv.compile(JSON.parse(document(name)) as object);
  compiled.set(name, made);
  return made;
}
function golden(type: string): RecordedEvent {
  const event = repository.golden(type);
  if (!event) throw new Error(`no golden event of ${type}`);
  return event;
}

it('the committed files are what the schemas of the contracts say (npm run docs:events writes them)', () => {
  const said: string[] = [];
  expect([docsCommand(repository, ['--check'], (line) => said.push(line)), said]).toEqual([0, []]);
});

describe('the published schema', () => {
  it.each(types)('of %s accepts its golden event and nothing beside it', (type) => {
    const validate = schema(schemaFile(type));
    const { data, personal } = golden(type);
    validate({ data, personal });
    expect(validate.errors).toBeNull();
    expect(validate({ data: { ...data as object, surprise: 1 }, personal })).toBe(false);
    expect(validate({ data, personal: { ...personal as object, surprise: 1 } })).toBe(false);
    expect(validate({ data })).toBe(false);
  });

  it.each(types)('of %s accepts it sealed, as Kafka carries it, and empty, where somebody was erased', (type) => {
    const validate = schema(schemaFile(type));
    const { data, personal } = golden(type);
    const holds = Object.keys(personal as object).length > 0;
    expect(validate({ data, personal: { sealed: 'v1', value: 'A'.repeat(60) } })).toBe(holds);
    expect(validate({ data, personal: { sealed: 'v1', value: 'ann@example.com' } })).toBe(false);
    expect(validate({ data, personal: {} })).toBe(true);
  });

  it.each(types)('of the envelope accepts %s, with every attribute that is documented', (type) => {
    const event = toCloudEvent(golden(type));
    const validate = schema('cloud-event.schema.json');
    validate(event);
    expect(validate.errors).toBeNull();
    // Goldens of before an attribute came do not have it.
    const there = Object.keys(event).filter((name) => name !== 'data');
    const expected = Object.entries(ATTRIBUTES).flatMap(([name, { optional }]) => (optional === true && !there.includes(name) ? [] : [name]));
    expect(there.sort()).toEqual(expected.sort());
    for (const [name, { optional }] of Object.entries(ATTRIBUTES)) {
      expect([name, validate({ ...event, [name]: undefined })]).toEqual([name, optional === true]);
    }
  });
});

describe('the AsyncAPI document', () => {
  it('is one, and holds every event on its topic and on the stream', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(document('asyncapi.json'));
    expect(diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join('/')}: ${message}`)).toEqual([]);
    if (!parsed) throw new Error('it was not parsed');
    const ids = (channel: string): string[] => parsed.channels().get(channel)?.messages().all().map((message) => message.id()) ?? [];
    for (const { type, topic } of catalogue()) expect(ids(topic === 'wami.sync.v1' ? 'sync' : 'identity')).toContain(type);
    expect(ids('stream')).toEqual(types.map((type) => `${type}.http`));
    expect([...ids('identity'), ...ids('sync')]).toHaveLength(types.length + 2);
  }, 60_000);

  it.each(types)('shows an example of %s that fits, on Kafka and over HTTP', (type) => {
    const { components } = JSON.parse(document('asyncapi.json')) as { components: { messages: Record<string, { examples: { payload: { data: object } }[] }> } };
    const shared = addFormats(new Ajv({ strict: false })).addSchema({ components }, 'asyncapi');
    for (const name of [type, `${type}.http`]) {
      const validate = shared.getSchema(`asyncapi#/components/messages/${name}/payload`);
      const [example] = components.messages[name]?.examples ?? [];
      if (!validate || !example) throw new Error(`${name} has no schema or no example`);
      expect([validate(example.payload), validate.errors]).toEqual([true, null]);
      expect(validate({ ...example.payload, data: { ...example.payload.data, surprise: 1 } })).toBe(false);
    }
  });

  it('would be refused where it breaks the specification', async () => {
    const { diagnostics } = await new Parser().parse(document('asyncapi.json').replace('"action": "send"', '"action": "shout"'));
    expect(diagnostics.map(({ path }) => path.join('/'))).toContainEqual('operations/publishIntent/action');
  }, 60_000);
});
