import { useTracer, type SpanOptions } from '@wami/tracing';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

describe('promise 7: coalescing', () => {
  it('edits that arrive while a binding is in flight lead to exactly one more pass with the newest version', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api }) => (api === 'create' ? held : Promise.resolve());
    const user = await test.identity.user('ann');
    await test.start({ options: HOLDING });
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'create')).toBe(true));
    let last = '';
    for (let i = 1; i <= 10; i++) last = await test.identity.patchUser(user, { tags: { edit: String(i) } });
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: last }]));
    release();
    await eventually(async () => expect((await test.said(user))?.intent).toBe(last));
    await eventually(() => test.isQuiet());
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create', 'tag']);
    expect(test.cloud.named('ann')?.tags).toEqual({ edit: '10' });
    const settled = (await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.succeeded.v1').map(({ data }) => (data as { version: number }).version);
    expect(settled).toEqual([1, 11]);
  });

  it('a burst of edits before anybody looks costs one call, which is in the trace of the last and linked to those before', async () => {
    const traceOf = (i: number): string => `00-${String(i).padStart(32, '0')}-${'a'.repeat(16)}-01`;
    const passes: (SpanOptions | undefined)[] = [];
    const stop = useTracer({ start: (name, options) => {
      if (name.startsWith('pass')) passes.push(options);
      return { traceparent: traceOf(99), end: () => undefined };
    } });
    const user = await test.identity.user('ann');
    for (let i = 1; i <= 10; i++) {
      test.identity.meta = { ...test.identity.meta, traceparent: traceOf(i) };
      await test.identity.patchUser(user, { tags: { edit: String(i) } });
    }
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await eventually(() => test.isQuiet());
    stop();
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
    expect(passes).toMatchObject([{ parent: traceOf(10), links: [3, 4, 5, 6, 7, 8, 9].map(traceOf) }]);
    const told = new Map((await test.outcomes(user)).map(({ type, meta }) => [type, meta.traceparent]));
    expect([told.get('wami.sync.requested.v1'), told.get('wami.sync.succeeded.v1')]).toEqual([traceOf(10), traceOf(99)]);
  });

  it('created and deleted before anybody looks costs no call, and still is answered', async () => {
    const user = await test.identity.user('ann');
    const position = await test.identity.deleteUser(user);
    await test.start();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ outcome: { state: 'Gone' }, intent: position, operation: 'delete' }));
    expect(test.cloud.calls).toEqual([]);
  });

  it('deleted while its creation is in flight leaves nothing behind', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api }) => (api === 'create' ? held : Promise.resolve());
    const user = await test.identity.user('ann');
    await test.start({ options: HOLDING });
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'create')).toBe(true));
    const position = await test.identity.deleteUser(user);
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    release();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ outcome: { state: 'Gone' }, intent: position }));
    expect(test.cloud.things).toEqual([]);
  });
});
