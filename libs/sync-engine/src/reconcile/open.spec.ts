import { BOUNDARY, type KindCapability } from '@wami/provider-port';
import { open } from './open';
import type { Work } from './work';

const capability: KindCapability = { kind: 'user', supported: true, rename: true, tags: false, facets: [] };
const scene = { instance: 'local', capabilities: [capability], connection: { provider: 'gcp', account: 'web-shop', credentials: { type: 'default' } }, target: { handler: () => ({}) } } as unknown as Parameters<typeof open>[1];
const presence = { providerResourceId: '1', nativeArn: 'users/1', name: 'ann', tags: {}, facets: {}, observedAt: 0 };

describe('where the provider can limit nobody any more', () => {
  it.each([
    ['a boundary of before', 'on record', { presence: { ...presence, fields: { [BOUNDARY]: 'pab-shop' } }, triedEnds: {} }],
    ['one that an attempt whose answer was lost may have set', 'tried', { presence: null, triedEnds: { [BOUNDARY]: ['pol_1'] } }],
  ])('a user with %s is not Synced, though it is to have none (%s)', (_what, _where, binding) => {
    const work = { binding: { ...binding, kind: 'user', wanted: true, deleted: false, intent: 'update' }, resource: { id: 'usr_1', kind: 'user', document: { userName: 'ann' } }, lost: false } as unknown as Work;
    expect(open(work, scene)).toMatchObject({ outcome: { is: 'skipped', reason: expect.stringContaining('limits it still') as string, presence: binding.presence } });
  });
});
