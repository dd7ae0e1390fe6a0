import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { percentile, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { byStatus, Caller, repeat, type Reply } from './flood';

const FLOOD_MS = 3_000;
const ENOUGH_REFUSALS = 200;
const LONGEST_FLOOD_MS = 15_000;
const MIB = 1024 * 1024;
const TRICKLED_MS = 40_000;

/** A connection that sends its headers bit by bit. */
interface Slow { readonly socket: Socket; readonly openedAt: number; heard: string; endedAt?: number }

jest.setTimeout(120_000);

describe('load and requests beyond what it can take', () => {
  const dataDir = temporaryDirectory('overload');
  let wami: WamiProcess;
  let bystander: Caller;
  /** From the first test on, beside which all others are answered; the last one judges them. */
  const slow: Slow[] = [];

  beforeAll(async () => {
    wami = await startWamiProcess({ dataDir, env: { WAMI_HTTP_WRITES: '8', WAMI_HTTP_BODIES_MIB: '24', WAMI_HTTP_RATE: '100000', WAMI_HTTP_BURST: '100000' } });
    bystander = new Caller(wami.url, wami.authorization, 32);
  });
  afterAll(async () => {
    bystander?.close();
    for (const { socket } of slow) socket.destroy();
    await wami?.stop();
    removeDirectory(dataDir);
  });

  const create = (caller: Caller, name: string): Promise<Reply> => caller.call('POST', '/v1/users', JSON.stringify({ tenant: 'default', userName: name }));
  const figure = async (name: string): Promise<number> => Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec((await bystander.call('GET', '/metrics')).body)?.[1]);
  const residentMiB = async (): Promise<number> => Math.round(await figure('process_resident_memory_bytes') / MIB);
  const p99 = (replies: readonly Reply[]): string => `${Math.round(percentile(replies.map(({ ms }) => ms), 0.99))} ms`;
  const p50 = (replies: readonly Reply[]): string => `${Math.round(percentile(replies.map(({ ms }) => ms), 0.5))} ms`;
  const health = (): Promise<Reply> => bystander.call('GET', '/health/live');

  it('is refused early; health, reads and revocations answer; nothing acknowledged is lost', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, async (_, n) => (JSON.parse((await create(bystander, `there-${n}`)).body) as { id: string }).id));
    await Promise.all(Array.from({ length: 300 }, trickling));
    const before = await residentMiB();
    const flood = new Caller(wami.url, wami.authorization, 96);
    const startedAt = Date.now();
    let [revoked, refusals] = [0, 0];
    const going = (): boolean => Date.now() < startedAt + (refusals < ENOUGH_REFUSALS ? LONGEST_FLOOD_MS : FLOOD_MS);
    const write = async (n: number): Promise<Reply> => {
      const reply = await create(flood, `flood-${n}`);
      if (reply.status === 503) refusals += 1;
      return reply;
    };
    const [writes, alive, reads, revocations] = await Promise.all([
      repeat(96, going, write), repeat(1, going, health), repeat(2, going, () => bystander.call('GET', `/v1/users/${users[0]}`)),
      repeat(1, () => going() || revoked < 8, () => bystander.call('DELETE', `/v1/users/${users[1 + (revoked++ % 7)]}`)),
    ]);
    flood.close();
    const after = await residentMiB();
    const refused = writes.filter(({ status }) => status === 503);
    const made = writes.filter(({ status }) => status === 201).map(({ body }) => (JSON.parse(body) as { id: string }).id);
    console.log([
      `96 writers against room for 8: ${JSON.stringify(byStatus(writes))}, refused p50 ${p50(refused)} p99 ${p99(refused)}, done p99 ${p99(writes.filter(({ status }) => status === 201))}`,
      `beside it: health ${alive.length} p99 ${p99(alive)}, reads ${reads.length} p99 ${p99(reads)}, revocations ${revocations.length} p99 ${p99(revocations)}; resident ${before} -> ${after} MiB`,
    ].join('\n'));
    expect(Object.keys(byStatus(writes)).sort()).toEqual(['201', '503']);
    expect(refused.every(({ retryAfter, body }) => retryAfter === '1' && body.includes('"code":"Overloaded"'))).toBe(true);
    expect([Object.keys(byStatus(alive)), Object.keys(byStatus(reads)), [...new Set(revocations.map(({ status }) => status))].sort()]).toEqual([['200'], ['200'], [204, 404]]);
    expect(revocations.filter(({ status }) => status === 204)).toHaveLength(7);
    expect(after - before).toBeLessThan(300);
    expect(await lost([...made, 'usr_never'])).toEqual(['usr_never']);
  });

  /** Of these ids, those that no list knows. */
  async function lost(ids: readonly string[]): Promise<string[]> {
    const listed = new Set<string>();
    for (let cursor = ''; ;) {
      const { body, status } = await bystander.call('GET', `/v1/resources?tenant=default&kind=user&limit=1000${cursor}`, undefined, { 'wami-consistency': 'strong' });
      expect(status).toBe(200);
      const page = JSON.parse(body) as { items: { id: string }[]; nextCursor?: string };
      for (const { id } of page.items) listed.add(id);
      if (page.nextCursor === undefined) return ids.filter((id) => !listed.has(id));
      cursor = `&cursor=${page.nextCursor}`;
    }
  }

  it.each<[string, () => string, number, string?]>([
    ['nested 100000 deep', () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['with a million keys', () => `{${Array.from({ length: 1_000_000 }, (_, n) => `"${n.toString(36)}":1`).join()}}`, 413],
    ['with half a million keys in a batch', () => `{${Array.from({ length: 500_000 }, (_, n) => `"${n.toString(36)}":1`).join()}}`, 400, '/v1/batch'],
    ['with half a million values, few at a place', () => `{"operations":[${Array.from({ length: 5000 }, () => `[${'1,'.repeat(99)}1]`).join()}]}`, 400, '/v1/batch'],
  ])('refuses a body %s', async (_, body, status, path = '/v1/users') => {
    // Who is refused while he still sends is cut, and only sees why where the answer came before that.
    const told = (attempts: number): Promise<Reply> => bystander.call('POST', path, body()).catch((error: NodeJS.ErrnoException) => {
      if (attempts === 1 || (error.code !== 'EPIPE' && error.code !== 'ECONNRESET')) throw error;
      return told(attempts - 1);
    });
    const [answer, alive] = await Promise.all([told(20), health()]);
    expect([answer.status, alive.status]).toEqual([status, 200]);
  });

  it('holds no more bodies than memory is set aside for', async () => {
    const before = await residentMiB();
    const flood = new Caller(wami.url, wami.authorization, 40);
    const body = JSON.stringify({ operations: [{ method: 'POST', path: '/v1/users', body: { padding: 'x'.repeat(7 * MIB) } }] });
    const replies = (await Promise.allSettled(Array.from({ length: 40 }, () => flood.call('POST', '/v1/batch', body)))).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    flood.close();
    const after = await residentMiB();
    console.log(`40 batches of 7 MiB at once: ${JSON.stringify(byStatus(replies))}, others cut; resident ${before} -> ${after} MiB`);
    expect(Object.keys(byStatus(replies)).every((status) => ['200', '422', '503'].includes(status))).toBe(true);
    expect((await health()).status).toBe(200);
    expect(after - before).toBeLessThan(400);
  });

  it('ends requests that trickle in, and answers others meanwhile', async () => {
    const deadline = Date.now() + TRICKLED_MS;
    const open = (): boolean => slow.some(({ socket }) => !socket.closed) && Date.now() < deadline;
    const beside = await repeat(1, open, () => bystander.call('GET', '/v1/whoami'));
    const longest = Math.round(Math.max(...slow.map(({ endedAt = 0, openedAt }) => endedAt - openedAt)) / 1000);
    console.log(`slowloris: ${slow.length} connections, ended after ${longest} s, ${beside.length} more answered meanwhile`);
    expect(slow.filter(({ socket }) => !socket.closed)).toHaveLength(0);
    expect(slow.every(({ heard }) => heard.startsWith('HTTP/1.1 408 '))).toBe(true);
    expect(beside.every(({ status }) => status === 200)).toBe(true);
  });

  async function trickling(): Promise<void> {
    const { hostname, port } = new URL(wami.url);
    const one: Slow = { socket: connect(Number(port), hostname), openedAt: Date.now(), heard: '' };
    slow.push(one);
    const timer = setInterval(() => one.socket.write('x'), 2_000);
    one.socket.on('data', (chunk) => (one.heard += String(chunk))).on('error', () => undefined).on('close', () => {
      clearInterval(timer);
      one.endedAt = Date.now();
    });
    await once(one.socket, 'connect');
    one.socket.write('POST /v1/users HTTP/1.1\r\nhost: x\r\nx-slow: ');
  }
});
