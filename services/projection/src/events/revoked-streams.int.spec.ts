import { eventually, worldForAll } from '@wami/testing';
import { revokedTokens, World, type Running } from '../testing/world';

describe('a stream of events', () => {
  let world: World;
  let running: Running;
  worldForAll(World.open, async (opened) => {
    world = opened;
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  it('ends within 5 s after its token was revoked, and tells nothing that came later; other streams go on', async () => {
    const streams = await Promise.all(['tenant:acme', 'admin'].map(async (token) => {
      const response = await running.get('/v1/events', token, { accept: 'text/event-stream' });
      const stream = { text: '', ended: false };
      const read = async (): Promise<void> => {
        try {
          for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) stream.text += Buffer.from(chunk).toString();
        } finally {
          stream.ended = true;
        }
      };
      return { stream, reading: read().catch(() => undefined) };
    }));
    const [barred, other] = streams.map(({ stream }) => stream);
    if (!barred || !other) throw new Error('no streams');
    await world.user('acme', 'usr_BEFORE', 'created');
    await eventually(() => expect([barred, other].every(({ text }) => text.includes('usr_BEFORE'))).toBe(true));
    revokedTokens.add('tenant:acme');
    await eventually(() => barred.ended, { timeoutMs: 5000, describe: 'the stream of the revoked token ended' });
    await world.user('acme', 'usr_AFTER', 'created');
    await eventually(() => other.text.includes('usr_AFTER'), { describe: 'the other stream goes on' });
    expect(barred.text).not.toContain('usr_AFTER');
    expect(other.ended).toBe(false);
    await running.close();
    await Promise.all(streams.map(({ reading }) => reading));
  });
});
