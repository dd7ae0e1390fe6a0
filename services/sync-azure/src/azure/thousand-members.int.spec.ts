import { startSandboxAzure } from '@wami/sandbox';
import { describeThousandMembers } from '@wami/testing';
import { createAzureAdapter } from './azure.adapter';

process.env['SPEC_AZURE_THOUSAND_TOKEN'] = 'spec-token';
const DOMAIN = 'spec.example';

describeThousandMembers(
  async () => {
    const cloud = await startSandboxAzure({ domains: [DOMAIN] });
    const target = createAzureAdapter().connect({ provider: 'azure', account: `${cloud.tenant}:${cloud.subscription}`, endpoint: cloud.url, credentials: { type: 'bearer', token: 'env:SPEC_AZURE_THOUSAND_TOKEN' } });
    const post = async (path: string, body: object): Promise<string> => {
      const answer = await fetch(`${cloud.url}/v1.0${path}`, { method: 'POST', headers: { authorization: 'Bearer theirs', 'content-type': 'application/json' }, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.text();
    };
    return {
      target, calls: () => cloud.calls(),
      size: () => cloud.snapshot().groups[0]?.members.length ?? 0,
      async join({ providerResourceId: group }) {
        const body = { accountEnabled: true, displayName: 'Somebody', mailNickname: 'somebody', userPrincipalName: `somebody@${DOMAIN}`, passwordProfile: { password: 'Correct-horse-9' } };
        const { id } = JSON.parse(await post('/users', body)) as { id: string };
        await post(`/groups/${group}/members/$ref`, { '@odata.id': `${cloud.url}/v1.0/directoryObjects/${id}` });
      },
      close: () => target.close().finally(() => cloud.close()),
    };
  },
  {
    fill: { 'organization.list': 1, 'users.create': 1_000, 'groups.members.add': 1_000 },
    // A page of up to 100, and the groups of twenty in a batch.
    look: { 'roleAssignments.list': 1, 'roleDefinitions.list': 1, 'users.list': 11, batch: 51 },
    leave: { 'groups.members.remove': 1 },
  },
);
