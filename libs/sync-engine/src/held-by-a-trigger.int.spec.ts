import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
});

const OFF = { onCreate: false, onUpdate: false, onDelete: false };
const held = async (resource: string): Promise<unknown> => (await test.pool.query('SELECT held, waiting_for FROM sync_aws.engine_bindings WHERE resource = $1', [resource])).rows[0];
const settled = (): Promise<unknown> => eventually(() => test.isQuiet());

describe('what a trigger holds stays held, whatever comes about around it', () => {
  it('a connection that is taken away and given back', async () => {
    await test.identity.tenant('acme', { ...TO_AWS, triggers: { onUpdate: false } });
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    await test.identity.patchUser(ann, { tags: { a: 'b' } });
    await settled();
    test.connections.set([]);
    await eventually(async () => expect(await test.stateOf(bob)).toBe('NotConfigured'));
    await settled();
    test.connections.set([CONNECTION]);
    await eventually(async () => expect(await test.stateOf(bob)).toBe('Synced'));
    await settled();
    expect(test.cloud.named('ann')?.tags).toEqual({});
    expect(await held(ann)).toMatchObject({ held: true });
    await test.identity.job('sync', { resources: [ann] });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ a: 'b' }));
  });

  it('something that it waited for', async () => {
    const acme = await test.identity.tenant('acme', { ...TO_AWS, retry: { maxRetries: 100, baseDelayMs: 10, maxDelayMs: 40 } });
    let down = true;
    test.cloud.fault = ({ api, name }) => (down && api === 'create' && name === 'staff' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    const [group, ann] = [await test.identity.group('staff'), await test.identity.user('ann')];
    await test.identity.member('add', group, ann);
    await test.start();
    await eventually(async () => expect(await held(ann)).toEqual({ held: false, waiting_for: expect.stringContaining(group) }));
    await test.identity.configure(acme, 'acme', { ...TO_AWS, retry: { maxRetries: 100, baseDelayMs: 10, maxDelayMs: 40 }, triggers: OFF });
    await test.identity.patchUser(ann, { tags: { a: 'b' } });
    await eventually(async () => expect(await held(ann)).toEqual({ held: true, waiting_for: expect.stringContaining(group) }));
    down = false;
    await eventually(async () => expect(await test.stateOf(group)).toBe('Synced'));
    await settled();
    expect(test.cloud.named('ann')?.tags ?? {}).toEqual({});
    expect(await held(ann)).toMatchObject({ held: true });
    await test.identity.job('sync', { resources: [ann] });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ a: 'b' }));
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    expect(test.cloud.groupsOf('ann')).toEqual(['staff']);
  });
});
