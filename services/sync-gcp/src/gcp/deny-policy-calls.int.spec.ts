import type { CallContext, Desired, ResourceHandler } from '@wami/provider-port';
import { startRecordingServer, type Respond } from '../spec-support/recording-server';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_DENY_CALLS_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_DENY_CALLS_TOKEN' };
const NO_ROLES: Desired = {
  name: 'no-roles', mark: { instance: 'local', tenant: 'acme', id: 'policy_no-roles', kind: 'policy' }, facets: {},
  document: { providerDocuments: { gcp: { rules: [{ denyRule: { deniedPermissions: ['iam.googleapis.com/roles.create'] } }] } } },
};

describe('an operation that Google has only begun', () => {
  const POLICY = { name: 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2F123/denypolicies/no-roles', uid: '1', etag: 'e', displayName: 'no-roles', rules: [] };
  const OPERATION = { name: `${POLICY.name}/operations/7` };
  /** `until`: so many answers it gets before the time of the call is over. */
  const creating = async (answers: readonly object[], until = Infinity) => {
    const over = new AbortController();
    const polled: string[] = [];
    const request: CallContext['request'] = async (_access, send) => {
      const answer = await send();
      if (polled.length === until) over.abort();
      return answer;
    };
    const respond: Respond = async (method, url) => {
      if (method === 'POST') return { status: 200, body: OPERATION };
      polled.push(url);
      return { status: 200, body: answers[Math.min(polled.length, answers.length) - 1] };
    };
    const server = await startRecordingServer(respond);
    const target = createGcpAdapter().connect({ provider: 'gcp', account: 'web-shop', endpoint: server.url, credentials, denyPolicies: true });
    try {
      const end = await (target.handler('policy') as ResourceHandler).create(NO_ROLES, { signal: over.signal, request }).then(
        ({ observed: { providerResourceId } }) => providerResourceId, (error: { code: string; options: { effect: string } }) => [error.code, error.options.effect]);
      return { end, polled };
    } finally {
      await target.close();
      await server.close();
    }
  };

  it('is asked for until it has ended', async () => {
    const { end, polled } = await creating([OPERATION, { ...OPERATION, done: true, response: POLICY }]);
    expect([end, polled]).toEqual(['1', [1, 2].map(() => '/v2/policies/cloudresourcemanager.googleapis.com%252Fprojects%252F123/denypolicies/no-roles/operations/7')]);
  });

  it('ends in what Google says that it ended in', async () => {
    expect((await creating([{ ...OPERATION, done: true, error: { code: 6, message: 'Policy already exists.' } }])).end).toEqual(['AlreadyExists', 'none']);
    expect((await creating([{ ...OPERATION, done: true, error: { code: 8, message: 'Maximum number of deny policies reached.' } }])).end).toEqual(['LimitExceeded', 'none']);
  });

  it('is not waited for longer than the call has time, and may have come about', async () => {
    expect((await creating([OPERATION], 2)).end).toEqual(['Timeout', 'unknown']);
  });
});
