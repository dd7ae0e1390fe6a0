import type { ResourceHandler } from '@wami/provider-port';
import type { Exchange } from '../spec-support/discovery';
import type { Respond } from '../spec-support/recording-server';
import { rulesAtGoogle, standingIn } from './deny-record';
import { principalsOf, type DenyPolicy } from './deny-rules';
import { context, desired, folder, handlerOf, NOTHING, pathOf, PROJECT, recordings, withAdapter } from '../spec-support/recordings';

/** What is done with a deny policy that leads to this request, and what comes of it. */
async function denialOutcome(policies: ResourceHandler, { method, requestBody }: Exchange, name: string): Promise<unknown> {
  const { displayName, rules = [] } = (requestBody ?? {}) as { displayName?: string; rules?: readonly { denyRule: { deniedPrincipals?: unknown } }[] };
  const withoutPrincipals = rules.map(({ denyRule: { deniedPrincipals: _whom, ...denyRule }, ...rule }) => ({ ...rule, denyRule }));
  const wanted = desired('policy', name, { providerDocuments: { gcp: { ...(displayName ? { displayName } : {}), rules: withoutPrincipals } } });
  const standing = { providerResourceId: '1', nativeArn: name, name, shape: { fields: { name }, tags: {}, facets: {} }, facetsRead: [] };
  switch (method) {
    case 'POST': return policies.create(wanted, context()).then(({ observed }) => observed.name);
    case 'PUT': return policies.update(wanted, standing, { ...NOTHING, fields: policies.shape(wanted).fields }, context()).then(({ observed }) => observed.name);
    case 'DELETE': return policies.delete(standing, context());
    default: return policies.observe({ mark: wanted.mark, names: [name] }, [], context()).then((found) => found?.name);
  }
}

/** As it would stand there if it were ours: with a record of those whom its rules are about. */
function ours(recorded: unknown): unknown {
  const { rules: [first = {}] = [], ...policy } = recorded as DenyPolicy;
  const { denials } = standingIn([first]);
  return { ...policy, rules: rulesAtGoogle(denials, principalsOf(first), desired('policy', '').mark) };
}

it('recorded calls about deny policies are made in the same shape, and recorded answers lead to the right end', async () => {
  const seen = new Set<string>();
  // Made by real clients; that the service answered so is known of one file only, so what is held to is what they asked.
  for (const [file, recordedHere] of recordings('deny-policy', ['live', 'emulator', 'unmarked'])) {
    // What denies everybody is nothing of ours: somebody stands in their place.
    const exchanges = JSON.parse(JSON.stringify(recordedHere).replaceAll('principalSet://goog/public:all', 'principalSet://goog/group/crew@spec.example')) as readonly Exchange[];
    for (const [index, recorded] of exchanges.entries()) {
      const { method } = recorded;
      const [, kind = '', id = '', name = ''] = /\/v2\/policies\/cloudresourcemanager\.googleapis\.com%252F(\w+)%252F([^/]+)\/denypolicies\/?([^?/]*)/.exec(recorded.url) ?? [];
      if (kind === '' || (name === '' && method === 'GET')) continue;
      const policy = name === '' ? new URL(recorded.url).searchParams.get('policyId') ?? '' : name;
      const before = exchanges[index - 1];
      // A client that read the name before goes by the project's number; here it is called by its id each time.
      const at = kind === 'projects' && /^\d+$/.test(id) ? PROJECT : id;
      const answer: Respond = async (asked) => (asked === method ? { status: recorded.status, body: recorded.responseBody } : { status: 200, body: ours(before?.responseBody) });
      await withAdapter(answer, async (target, passed) => {
        const end = await denialOutcome(handlerOf(target, 'policy'), recorded, policy);
        const sent = passed.find((one) => one.method === method);
        expect([file, method, pathOf(sent?.url ?? '')]).toEqual([file, method, pathOf(recorded.url).replace(`%2F${id}/`, `%2F${at}/`)]);
        expect([file, method, end]).toEqual([file, method, recorded.status === 404 || method === 'DELETE' ? undefined : policy]);
        if (method === 'POST') expect([sent?.url.split('?')[1], sent?.requestBody]).toEqual([`policyId=${policy}`, expect.objectContaining({ rules: expect.any(Array) as unknown })]);
        if (method === 'PUT') expect(sent?.requestBody).toEqual({ ...recorded.requestBody as DenyPolicy, rules: [expect.objectContaining({ description: expect.stringContaining("WAMI's record") as string }), ...(recorded.requestBody as DenyPolicy).rules ?? []] });
      }, kind === 'folders' ? `organizations:1:folders:${at}` : at, { denyPolicies: true });
      seen.add(`${kind} ${method}`);
    }
  }
  expect([...seen].sort()).toEqual(folder === undefined ? [] : ['folders DELETE', 'folders GET', 'folders POST', 'projects DELETE', 'projects GET', 'projects POST', 'projects PUT']);
});
