import { existsSync, readFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventReplay } from '@wami/contracts';
import { callCount, everyRecord, patiently, removeDirectory, startTestKafka, startWamiProcess, temporaryDirectory, type Calls, type KafkaRecord, type TestKafka, type WamiProcess } from '@wami/testing';
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

  const start = async (): Promise<WamiProcess> => (wami = await startWamiProcess({ dataDir: join(folder, 'data'), env: { WAMI_KAFKA_BROKERS: kafka.brokers.join() } }));
  beforeAll(async () => {
    kafka = await startTestKafka();
    await start();
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

  describe('a replay into a topic', () => {
    type Logged = { readonly id: string; readonly type: string; readonly key: string; readonly source: string; readonly tenant: string; readonly position: string; readonly streamversion: number };
    const log = async (query = ''): Promise<Logged[]> => (await wami.call<{ items: Logged[] }>('GET', `/v1/events?limit=1000${query}`, undefined, { 'wami-consistency': 'strong' })).body.items;
    const replay = async (body: object): Promise<EventReplay> => (await wami.call<EventReplay>('POST', '/v1/event-replays', body)).body;
    const found = async (job: string): Promise<EventReplay | undefined> => (await wami.call<{ items: EventReplay[] }>('GET', '/v1/event-replays')).body.items.find((one) => one.job === job);
    const done = async ({ job }: EventReplay): Promise<EventReplay | undefined> => {
      await patiently(async () => expect(await found(job)).toMatchObject({ state: 'done' }), { timeoutMs: 60_000 });
      return found(job);
    };
    const recordsOf = async (topic: string): Promise<KafkaRecord[]> => (await everyRecord(kafka.brokers)).filter((record) => record.topic === topic);
    const idOf = ({ headers }: KafkaRecord): string => headers['ce_id'] ?? '';
    const calls = async (): Promise<number> => {
      const { sandboxes } = JSON.parse(readFileSync(join(folder, 'data', 'server.json'), 'utf8')) as { sandboxes: Record<string, string> };
      return callCount((await (await fetch(`${sandboxes['aws/000000000001'] ?? ''}/_sandbox/calls`)).json() as { calls: Calls }).calls);
    };
    /** What the engine or identity wrote; a target tells of itself by the clock. */
    const written = async (): Promise<string[]> => (await log()).filter(({ type }) => type !== 'wami.target.reported.v1').map(({ id }) => id);

    it('holds every event once, in order within each resource, sealed; no cloud is called for it, nothing is written, and nobody takes it for the log', async () => {
      const [events, before, called] = [await log(), await written(), await calls()];
      const last = events.at(-1)?.position;
      const replayed = await done(await replay({ topic: 'audit.all', until: last }));
      expect(replayed).toMatchObject({ sent: events.length, looked: events.length, total: events.length, position: last, actor: 'admin' });
      const records = await recordsOf('audit.all');
      expect(records.map(idOf).sort()).toEqual(events.map(({ id }) => id).sort());
      for (const key of new Set(events.map((one) => one.key))) {
        expect(records.filter((record) => record.key === key).map(idOf)).toEqual(events.filter((one) => one.key === key).map(({ id }) => id));
      }
      expect(records.filter(({ headers }) => headers['wami_replay'] !== replayed?.job || 'wami_epoch' in headers || 'wami_position' in headers)).toEqual([]);
      const text = JSON.stringify(records);
      expect(text).toContain('\\"sealed\\":\\"v1\\"');
      expect(text).not.toMatch(/\\"(ann|bob|cid|dan)\\"/);
      // Everything up to here was heard by everybody who hears of it at all: what comes later is of this user.
      await create('eve');
      const since = (await log()).filter(({ id, type }) => !before.includes(id) && type !== 'wami.target.reported.v1');
      expect(since.filter(({ type }) => type === 'wami.user.created.v1')).toHaveLength(1);
      expect(new Set(since.map(({ key }) => key)).size).toBe(1);
      const [ofOne, again] = [(await calls()) - called, await calls()];
      await done(await replay({ topic: 'audit.all' }));
      await create('fay');
      expect((await calls()) - again).toBe(ofOne);
    });

    it('holds what the filters leave: a tenant, types, a resource, from a position, up to one, so many', async () => {
      const events = await log();
      const ofTypes = events.filter(({ type }) => type === 'wami.user.created.v1');
      const [key, from, to] = [ofTypes[0]?.key, ofTypes[0]?.position, ofTypes[2]?.position];
      await wami.call('POST', '/v1/tenants', { id: 'apart', name: 'apart' });
      await wami.call('POST', '/v1/users', { tenant: 'apart', userName: 'gus' });
      const all = await log();
      const asked: Readonly<Record<string, readonly [object, readonly Logged[]]>> = {
        'audit.types': [{ types: ['wami.user.created.v1'], after: from, until: to }, ofTypes.slice(1, 3)],
        'audit.limit': [{ types: ['wami.user.created.v1'], limit: 2 }, ofTypes.slice(0, 2)],
        'audit.one': [{ resource: key, until: events.at(-1)?.position }, events.filter((one) => one.key === key)],
        'audit.tenant': [{ tenant: 'apart', until: all.at(-1)?.position }, all.filter(({ tenant }) => tenant === 'apart')],
      };
      expect(ofTypes.length).toBeGreaterThan(3);
      for (const [topic, [body]] of Object.entries(asked)) await done(await replay({ topic, ...body }));
      const records = await everyRecord(kafka.brokers);
      for (const [topic, [, expected]] of Object.entries(asked)) {
        expect([topic, records.filter((record) => record.topic === topic).map(idOf).sort()]).toEqual([topic, expected.map(({ id }) => id).sort()]);
      }
    });

    it("is refused where it would go to a topic of WAMI's own or Kafka's", async () => {
      for (const topic of ['wami.identity.v1', 'wami.sync.v1', 'WAMI.x', 'wami_sync_v1', '__consumer_offsets', '..', 'a b']) {
        await expect(replay({ topic })).rejects.toThrow(/422.*\/topic/s);
      }
    });

    it('waits while Kafka is away and says so, goes on in another process, and ends where it is cancelled', async () => {
      const events = await log();
      await kafka.kill();
      const [kept, cancelled] = [await replay({ topic: 'audit.later', until: events.at(-1)?.position }), await replay({ topic: 'audit.never' })];
      await patiently(async () => expect(await found(kept.job)).toMatchObject({ state: 'running', sent: 0, error: expect.any(String) as string }), { timeoutMs: 60_000 });
      expect((await wami.call<EventReplay>('POST', `/v1/event-replays/${cancelled.job}/cancel`, {})).body).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) as string });
      await wami.stop();
      await kafka.restart();
      await start();
      expect(await done(kept)).toMatchObject({ sent: events.length });
      const records = await everyRecord(kafka.brokers);
      expect(new Set(records.filter(({ topic }) => topic === 'audit.later').map(idOf))).toEqual(new Set(events.map(({ id }) => id)));
      expect(records.filter(({ topic }) => topic === 'audit.never')).toEqual([]);
      await expect(wami.call('POST', '/v1/event-replays/job_unknown/cancel', {})).rejects.toThrow('404');
    });
  });
});
