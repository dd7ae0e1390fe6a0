import 'reflect-metadata';
import { encodePosition, type RecordedEvent, type WamiCloudEvent } from '@wami/contracts';
import { createPostgresEventLog } from '@wami/event-log';
import { worldForAll } from '@wami/testing';
import { gated } from './testing/gated-log';
import { positionAfter, SOURCES, World, type Running } from './testing/world';

jest.setTimeout(60_000);

describe('a reader', () => {
  let world: World;
  let running: Running;
  let log: ReturnType<typeof gated>;
  worldForAll(World.open, async (opened) => {
    world = opened;
    await world.tenant('acme');
    log = gated(createPostgresEventLog({ pool: world.pool, sources: SOURCES }));
    running = await world.project({ log });
    await running.read('/v1/resources');
  }, {
    beforeClose: async () => {
      log?.release();
      await running?.close();
    },
  });

  const user = (id: string): Promise<RecordedEvent> => world.user('acme', id, 'created');
  const found = async (id: string, headers: Record<string, string>): Promise<boolean> =>
    (await running.read<{ items: unknown[] }>(`/v1/resources?q=${id}`, 'admin', headers)).items.length === 1;

  it.each([
    ['its own write', async (event: RecordedEvent) => ({ 'wami-after': positionAfter(event) })],
    ['all that is committed', async () => ({ 'wami-consistency': 'strong' })],
    ['what is at most 0 s old', async () => ({ 'wami-consistency': 'max-lag=0' })],
  ])('who asks for %s waits for it, and others do not', async (name, headersFor) => {
    log.hold();
    const id = `usr_W${name.length}`;
    const event = await user(id);
    expect(await found(id, {})).toBe(false);
    const waiting = found(id, await headersFor(event));
    log.release();
    expect(await waiting).toBe(true);
  });

  it('who allows a lag is not made to wait', async () => {
    log.hold();
    await user('usr_LAG');
    expect(await found('usr_LAG', { 'wami-consistency': 'max-lag=60' })).toBe(false);
    log.release();
    expect(await found('usr_LAG', { 'wami-consistency': 'strong' })).toBe(true);
  });

  it('learns how far the read models are, and may wait for just that', async () => {
    const response = await running.get('/v1/resources');
    const position = response.headers.get('wami-position') ?? '';
    expect((await running.get('/v1/resources', 'admin', { 'wami-after': position })).status).toBe(200);
    expect((await running.get('/v1/resources/usr_NOBODY')).headers.get('wami-position')).not.toBeNull();
  });

  it('is refused with Retry-After after 10 s when it cannot be met', async () => {
    const response = await running.get('/v1/resources', 'admin', { 'wami-after': encodePosition({ identity: '999999999.1' }) });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'ConsistencyTimeout', retryable: true });
  });

  it.each<Record<string, string>>([{ 'wami-after': 'x' }, { 'wami-consistency': 'perfect' }])('is told that %j cannot be read', async (headers) => {
    expect((await running.get('/v1/resources', 'admin', headers)).status).toBe(400);
  });

  it('resumes a stream where it was cut off, without gap or repeat', async () => {
    const all: string[] = [];
    let last: string | undefined;
    let written = 0;
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await user(`usr_S${written++}`);
    };
    await write(5);
    for (const until of [3, 9, 14]) {
      const writing = write(5);
      for await (const frame of frames(last === undefined ? { start: '/v1/events?type=wami.user.created.v1' } : { last })) {
        expect(frame.id).toBe(frame.data.position);
        if (frame.data.key.startsWith('usr_S')) all.push(frame.data.key);
        last = frame.id;
        if (all.length >= until) break;
      }
      await writing;
    }
    expect(all).toEqual(Array.from({ length: all.length }, (_, i) => `usr_S${i}`));
    expect(all.length).toBeGreaterThanOrEqual(14);
  });

  it('reads the newest that fit, oldest first, and goes on from there', async () => {
    await user('usr_S_LAST');
    const newest = async (query: string): Promise<string[]> =>
      (await running.read<{ items: WamiCloudEvent[] }>(`/v1/events?type=wami.user.created.v1&${query}`)).items.map(({ key }) => key);
    const all = await newest('limit=1000');
    expect(all.at(-1)).toBe('usr_S_LAST');
    expect(await newest('after=-3')).toEqual(all.slice(-3));
    expect(await newest('after=-1000')).toEqual(all.slice(-1000));
    for await (const { data } of frames({ start: '/v1/events?type=wami.user.created.v1&after=-1' })) {
      expect(data.key).toBe('usr_S_LAST');
      break;
    }
    for (const wrong of ['-0', '-1001', '-x']) expect((await running.get(`/v1/events?after=${wrong}`)).status).toBe(400);
  });

  it('of a stream hears of what happens while it is open, from now on, and its end when the service stops', async () => {
    const other = await world.project({ schema: 'second' });
    const response = await other.get('/v1/events?after=now', 'admin', { accept: 'text/event-stream', 'wami-consistency': 'strong' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await user('usr_LIVE');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes('usr_LIVE')) text += Buffer.from((await reader.read()).value ?? []).toString();
    expect(text).not.toContain('usr_S0');
    const closed = other.close();
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += Buffer.from(part.value).toString();
    await closed;
    expect(text).toContain(': shutting down');
  });

  async function* frames({ start = '/v1/events?type=wami.user.created.v1', last }: { start?: string; last?: string }): AsyncGenerator<{ id: string; data: WamiCloudEvent }> {
    const abort = new AbortController();
    const response = await running.get(start, 'admin', { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) }, { signal: abort.signal });
    let text = '';
    try {
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(part).toString();
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const fields = new Map(text.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
          text = text.slice(end + 2);
          const [id, data] = [fields.get('id'), fields.get('data')];
          if (id !== undefined && data !== undefined) yield { id, data: JSON.parse(data) as WamiCloudEvent };
        }
      }
    } finally {
      abort.abort();
    }
  }
});
