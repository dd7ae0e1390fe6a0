import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceHandler } from '@wami/provider-port';
import type { Exchange } from '../spec-support/discovery';
import type { Respond } from '../spec-support/recording-server';
import { context, credentials, desired, EMPTY_POLICY, folder, handlerOf, NOTHING, pathOf, PROJECT, recordings, withAdapter } from '../spec-support/recordings';
import { AllowPolicy } from './allow-policy';
import { granting } from './bindings';
import { GcpClient } from './gcp.client';
import { gcpSettings } from './gcp.config';

/** What is done with a custom role that leads to this request, and what comes of it. */
function roleOutcome(policies: ResourceHandler, { method }: Exchange, id: string): Promise<unknown> {
  const title = 'Updated Test Role';
  const wanted = desired('policy', id, { description: 'This is a test role', providerDocuments: { gcp: { title, includedPermissions: ['iam.roles.create', 'iam.roles.get', 'iam.roles.list'] } } });
  const standing = { providerResourceId: id, nativeArn: '', name: id, shape: { fields: { name: id }, tags: {}, facets: {} }, facetsRead: [] };
  const { title: words, includedPermissions } = policies.shape(wanted).fields as { title: string; includedPermissions: string };
  switch (method) {
    case 'POST': return policies.create(wanted, context()).then(({ observed }) => observed.name);
    case 'PATCH': return policies.update(wanted, standing, { ...NOTHING, fields: { title: words, includedPermissions } }, context()).then(({ observed }) => observed.name);
    case 'DELETE': return policies.delete(standing, context());
    default: return policies.observe({ mark: wanted.mark, names: [id] }, [], context()).then((found) => found?.name);
  }
}

it('recorded calls about custom roles are made in the same shape', async () => {
  // A real client made them of an emulator: what it asked counts.
  const exchanges = recordings('custom-role', ['emulator']).flatMap(([, all]) => all).filter(({ url }) => /\/roles[/?]/.test(url));
  expect(exchanges.map(({ method }) => method)).toEqual(folder === undefined ? [] : ['POST', 'GET', 'PATCH', 'DELETE']);
  for (const recorded of exchanges) {
    const answer: Respond = async (_, url) => (url.includes('IamPolicy') ? EMPTY_POLICY : { status: recorded.status, body: recorded.responseBody });
    await withAdapter(answer, async (target, passed) => {
      expect([recorded.method, await roleOutcome(handlerOf(target, 'policy'), recorded, 'test_abc123')]).toEqual([recorded.method, recorded.method === 'DELETE' ? undefined : 'test_abc123']);
      const sent = passed.at(-1);
      expect([sent?.method, pathOf(sent?.url ?? '')]).toEqual([recorded.method, pathOf(recorded.url)]);
      const maskOf = ({ url }: Pick<Exchange, 'url'>): string[] => new URL(url, 'http://google').searchParams.get('updateMask')?.split(',').sort() ?? [];
      expect(maskOf(sent ?? recorded)).toEqual(maskOf(recorded));
      const role = (body: unknown): object => (body as { role?: object }).role ?? (body as object);
      if (recorded.method === 'POST') expect(Object.keys(role(sent?.requestBody))).toEqual(expect.arrayContaining(Object.keys(role(recorded.requestBody))));
      // Only what differs is written, so another's change of the rest is not lost, which else the etag is for.
      if (recorded.method === 'PATCH') expect(sent?.requestBody).toEqual({ title: 'Updated Test Role', includedPermissions: ['iam.roles.create', 'iam.roles.get', 'iam.roles.list'] });
    });
  }
});

it('recorded answers about a project say who we are, that we may not look, and that we asked too often', async () => {
  const exchanges = recordings('project-rate-limited').flatMap(([, all]) => all).filter(({ method, url, status }) => method === 'GET' && /\/projects\//.test(url) && (status !== 200 || url.includes('/v3/')));
  const seen = new Set<string>();
  for (const { status, url, responseBody } of exchanges) {
    const project = pathOf(url).split('/').at(-1) ?? '';
    const answer: Respond = async (_, called) => (called.includes(':search') ? { status: 200, body: {} } : { status, body: responseBody });
    await withAdapter(answer, async (target) => {
      const end = await target.validateCredentials(context()).then(({ account }) => account, (error: { code: string }) => error.code);
      seen.add(`${status} ${end === project ? 'the project' : end}`);
    }, project);
  }
  expect([...seen].sort()).toEqual(folder === undefined ? [] : ['200 the project', '403 AuthExpired', '429 Throttled']);
});

const editing = async (answer: Respond): Promise<{ readonly ends: readonly (string | undefined)[]; readonly passed: readonly Exchange[] }> =>
  withAdapter(answer, async (_, passed, endpoint) => {
    const policy = new AllowPolicy(new GcpClient(gcpSettings({ provider: 'gcp', account: PROJECT, endpoint, credentials })));
    const edited = await policy.edit([granting(`projects/${PROJECT}/roles/reader`, 'user:ann@example.com')], context());
    return { ends: edited.map(({ error }) => error?.code), passed };
  });

it('a recorded policy with conditions keeps them, and its version, beside what is given', async () => {
  const standing = recordings('project-policy-conditions', ['emulator']).flatMap(([, all]) => all)
    .filter(({ url, responseBody }) => url.includes(':getIamPolicy') && JSON.stringify(responseBody).includes('condition')).map(({ responseBody }) => responseBody as { bindings: readonly object[]; etag: string });
  expect(standing.length).toBe(folder === undefined ? 0 : 2);
  for (const policy of standing) {
    const { ends, passed } = await editing(async () => ({ status: 200, body: policy }));
    expect(ends).toEqual([undefined]);
    const sent = (passed.at(-1)?.requestBody as { policy: { bindings: readonly object[]; version: number; etag: string } }).policy;
    expect(sent).toMatchObject({ version: 3, etag: policy.etag });
    expect(sent.bindings).toEqual(expect.arrayContaining([...policy.bindings]));
  }
});

it('a policy that was changed meanwhile, as Google was reported to say it, is read anew and written again', async () => {
  if (folder === undefined) return;
  const { errors } = JSON.parse(readFileSync(join(folder, 'reported-errors.json'), 'utf8')) as { errors: readonly { operation: string; status: number; body: unknown }[] };
  const stale = errors.find(({ operation }) => operation === 'projects.setIamPolicy with a stale etag');
  let refused = 0;
  const { ends, passed } = await editing(async (_, url) => (url.includes(':set') && (refused += 1) === 1 ? { status: stale?.status ?? 0, body: stale?.body } : EMPTY_POLICY));
  expect([ends, passed.map(({ url, status }) => [url.split(':').at(-1)?.split('?')[0], status])]).toEqual([[undefined], [['getIamPolicy', 200], ['setIamPolicy', 409], ['getIamPolicy', 200], ['setIamPolicy', 200]]]);
});
