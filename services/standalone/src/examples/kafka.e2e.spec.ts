import { existsSync, readFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { patiently, removeDirectory, startTestKafka, startWamiProcess, temporaryDirectory, type TestKafka, type WamiProcess } from '@wami/testing';
import { eventsIn, ExampleProcess } from '../testing/example-process';

jest.setTimeout(120_000);

describe('examples/kafka', () => {
  const folder = temporaryDirectory('example-kafka');
  const journal = join(folder, 'events.jsonl');
  let kafka: TestKafka;
  let wami: WamiProcess;
  let consumer: ExampleProcess;

  const consume = (group: string, more: Record<string, string> = {}): void =>
    void (consumer = new ExampleProcess('kafka/consume.mjs', folder, { WAMI_KAFKA_BROKERS: kafka.brokers.join(), GROUP: group, JOURNAL: journal, ...more }));
  const create = (userName: string): Promise<unknown> => wami.call('POST', '/v1/users', { tenant: 'default', userName }, { prefer: 'wait=20' });
  const inTheLog = async (): Promise<string[]> => (await wami.call<{ items: { id: string }[] }>('GET', '/v1/events?limit=1000')).body.items.map(({ id }) => id);
  const written = (): string[] => (existsSync(journal) ? eventsIn(readFileSync(journal, 'utf8').split('\n').filter(Boolean)).map(({ id }) => id) : []);
  const hasAllOnce = (): Promise<void> => patiently(async () => {
    expect(consumer.hasExited ? consumer.err : '').toBe('');
    const log = await inTheLog();
    expect(written().sort()).toEqual(log.sort());
  }, { timeoutMs: 60_000 });

  beforeAll(async () => {
    kafka = await startTestKafka();
    wami = await startWamiProcess({ dataDir: join(folder, 'data'), env: { WAMI_KAFKA_BROKERS: kafka.brokers.join() } });
  }, 300_000);
  afterAll(async () => {
    await consumer?.end('SIGKILL');
    await wami?.stop();
    await kafka?.stop();
    removeDirectory(folder);
  }, 60_000);

  it('has every event of both topics once, each checked against the published schemas', async () => {
    await create('ann');
    consume('first');
    await hasAllOnce();
    await create('bob');
    await hasAllOnce();
    expect(consumer.err).toBe('');
  });

  it('never reads what is personal: it comes sealed', () => {
    const records = readFileSync(journal, 'utf8').split('\n');
    expect(records.join('\n')).toContain('"sealed":"v1"');
    expect(records.filter((record) => /\b(ann|bob)\b|userName/.test(record))).toEqual([]);
    // What a target is told of names whom WAMI works as there, and nobody of ours.
    expect(records.filter((record) => record.includes('arn:aws:iam') && !record.includes('"type":"wami.target.reported.v1"'))).toEqual([]);
  });

  it('goes on where it was killed', async () => {
    await consumer.end('SIGKILL');
    await create('cid');
    appendFileSync(journal, '{"id":"evt_cut-off-by-the-cra');
    consume('first');
    await hasAllOnce();
    expect(await consumer.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  it('drops every repeat: another group, which reads everything again, adds only what is new', async () => {
    await create('dan');
    consume('second');
    await hasAllOnce();
    await consumer.end('SIGTERM');
  });

  it('ends with an error where an event breaks its schema, and passes over types that it has no schema of', async () => {
    const schemas = temporaryDirectory('example-schemas');
    const write = (name: string, schema: object): void => appendFileSync(join(schemas, `${name}.schema.json`), JSON.stringify(schema));
    write('cloud-event', { type: 'object' });
    write('wami.user.created.v1', { type: 'object', required: ['surprise'] });
    consume('third', { SCHEMAS: schemas, JOURNAL: join(folder, 'third.jsonl') });
    expect(await consumer.exited).toMatchObject({ code: 1 });
    expect(consumer.err).toMatch(/of type wami\.user\.created\.v1 breaks its schema: {2}required/);
    expect(consumer.err).not.toContain('"userName"');
    expect(consumer.err).toContain('this program has no schema of wami.');
    removeDirectory(schemas);
  });
});
