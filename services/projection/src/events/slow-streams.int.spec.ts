import 'reflect-metadata';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { patiently as eventually, worldForAll } from '@wami/testing';
import type { Pool } from 'pg';
import { FedLog } from '../testing/fed-log';
import { chooser, History } from '../testing/history';
import { recorded, type Statement } from '../testing/recorded';
import { World, type Running } from '../testing/world';

jest.setTimeout(120_000);

const EVENTS = 600;

/** Ids of the frames that came to their end; a frame is large, so its text is not kept. */
class FrameIds {
  readonly whole: string[] = [];
  private line = '';
  private id: string | undefined;

  take(part: Buffer): void {
    for (const [i, text] of part.toString('latin1').split('\n').entries()) {
      if (i > 0) this.end();
      if (this.line.length < 200) this.line += text.slice(0, 200);
    }
  }

  private end(): void {
    if (this.line.startsWith('id: ')) this.id = this.line.slice(4).trim();
    if (this.line.trim() === '' && this.id !== undefined) {
      this.whole.push(this.id);
      this.id = undefined;
    }
    this.line = '';
  }
}

describe('a stream', () => {
  let world: World;
  let running: Running;
  let statements: Statement[];
  /** Stays open until it is let go, so that it outlives what is ended. */
  let idle: { readonly text: Promise<string>; close(): void } | undefined;
  worldForAll(World.open, async (opened) => {
    world = opened;
    const log = new FedLog();
    const watched = recorded(world.pool);
    statements = watched.statements;
    running = await world.project({ log, pool: watched.pool });
    await log.feed(new History(chooser(1), 10).events);
    await fill(world.pool);
  }, { beforeClose: () => {
    idle?.close();
    return running?.close();
  } });

  /** More than all buffers between server and client hold. */
  async function fill(pool: Pool): Promise<void> {
    await pool.query(`INSERT INTO projection.events (seq, id, source, tx, pos, type, tenant, key, stream, version, subject, time, data, personal, meta)
      SELECT i.seq + n, 'big' || n, source, 900, n, type, tenant, key, stream, n, subject, time, jsonb_build_object('pad', repeat('x', 40000)), personal, meta
      FROM (SELECT * FROM projection.events ORDER BY seq LIMIT 1) e, projection.ingest i, generate_series(1, ${EVENTS}) n`);
    await pool.query('UPDATE projection.ingest SET seq = (SELECT max(seq) FROM projection.events)');
  }

  /** Resolves once the stream is open. */
  async function heartbeat(): Promise<{ readonly text: Promise<string>; close(): void }> {
    const abort = new AbortController();
    const response = await running.get('/v1/events?after=now', 'admin', { accept: 'text/event-stream' }, { signal: abort.signal });
    return { text: untilHeartbeat((response.body as ReadableStream<Uint8Array>).getReader()), close: () => abort.abort() };
  }

  async function untilHeartbeat(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
    let text = '';
    while (!text.includes(': heartbeat')) {
      const { done, value } = await reader.read();
      if (done) break;
      text += Buffer.from(value).toString();
    }
    return text;
  }

  function ask(socket: Socket, lastEventId?: string): void {
    socket.write(['GET /v1/events HTTP/1.1', 'Host: x', 'Authorization: Bearer admin', 'Accept: text/event-stream',
      ...(lastEventId === undefined ? [] : [`Last-Event-ID: ${lastEventId}`]), '', ''].join('\r\n'));
  }

  it('whose reader takes nothing is ended, holds one page meanwhile, and goes on from its last id', async () => {
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    ask(socket);
    const pages = (): number => statements.filter(({ text, values }) => text.includes('FROM projection.events e') && values.includes(200)).length;
    await eventually(() => pages() > 0);
    idle = await heartbeat();
    await eventually(async () => expect(await running.connections()).toBe(1));
    expect(pages()).toBeLessThan(EVENTS / 200);
    const first = new FrameIds();
    socket.on('data', (part: Buffer) => first.take(part));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
    expect(first.whole.length).toBeLessThan(EVENTS);
    const last = first.whole.at(-1);
    const { rows: [all] } = await world.pool.query<{ count: number }>('SELECT count(*) FROM projection.events');
    const response = await running.get('/v1/events', 'admin', { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) });
    const rest = new FrameIds();
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      rest.take(Buffer.from(part));
      if (first.whole.length + rest.whole.length >= (all?.count ?? 0)) break;
    }
    const ids = [...first.whole, ...rest.whole];
    expect(ids).toHaveLength(all?.count ?? 0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('on which nothing happens shows that it lives', async () => {
    const text = await idle?.text;
    idle?.close();
    expect(text).toMatch(/^: open\n\n/);
    expect(text).not.toContain('data:');
  });

  it.each([['last-event-id', 'nonsense'], ['last-event-id', 'W10']])('cannot be resumed with %s %s', async (header, value) => {
    const response = await running.get('/v1/events', 'admin', { accept: 'text/event-stream', [header]: value });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'MalformedRequest' });
  });
});
