import type { CallContext, Desired, ResourceHandler } from '@wami/provider-port';
import { startSandboxAws } from '@wami/sandbox';
import { createAwsAdapter } from './aws.adapter';

process.env['SPEC_AWS_PROVIDERS_ID'] = 'AKIASPEC000000000001';
process.env['SPEC_AWS_PROVIDERS_SECRET'] = 'never-shown';
const FULL = 100;
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const provider = (clientIds: readonly string[]): Desired => ({
  name: 'https://issuer.example', mark: { instance: 'local', tenant: 'acme', id: 'idp_1', kind: 'identity-provider' }, facets: {},
  document: { oidc: { url: 'https://issuer.example', clientIds, thumbprints: ['a'.repeat(40)] } },
});

it('an OIDC provider that is full of client ids exchanges one for another', async () => {
  const cloud = await startSandboxAws({ account: '123456789012' });
  const target = createAwsAdapter().connect({ provider: 'aws', account: cloud.account, endpoint: cloud.url, credentials: { type: 'static', accessKeyId: 'env:SPEC_AWS_PROVIDERS_ID', secretAccessKey: 'env:SPEC_AWS_PROVIDERS_SECRET' } });
  try {
    const providers = target.handler('identity-provider') as ResourceHandler;
    const before = Array.from({ length: FULL }, (_, n) => `client-${n}`);
    const after = provider([...before.slice(1), 'new']);
    const { observed } = await providers.create(provider(before), context());
    const fields = { clientIds: String(providers.shape(after).fields['clientIds']) };
    await providers.update(after, observed, { fields, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} }, context());
    expect(await providers.observe({ mark: after.mark, names: [after.name], nativeArn: observed.nativeArn }, [], context())).toMatchObject({ shape: { fields } });
  } finally {
    await target.close();
    await cloud.close();
  }
});
