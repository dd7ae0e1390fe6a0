import { startSandboxGcp } from '@wami/sandbox';
import { describeThousandMembers } from '@wami/testing';
import { GcpHands } from '../spec-support/gcp-hands';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_THOUSAND_TOKEN'] = 'spec-token';
const DIRECTORY = { customer: 'C0spec', domain: 'spec.example' };

describeThousandMembers(
  async () => {
    const cloud = await startSandboxGcp({ directory: DIRECTORY });
    const target = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials: { type: 'bearer', token: 'env:SPEC_GCP_THOUSAND_TOKEN' }, directory: DIRECTORY });
    const hands = new GcpHands({ iam: cloud.url, resourceManager: cloud.url, project: cloud.project, token: 'theirs', directory: { ...DIRECTORY, url: cloud.url } });
    return {
      target, calls: () => cloud.calls(),
      size: () => cloud.snapshot().groups[0]?.members.length ?? 0,
      async join({ nativeArn: group }) {
        await hands.createUser('somebody');
        const body = JSON.stringify({ preferredMemberKey: { id: `somebody@${DIRECTORY.domain}` }, roles: [{ name: 'MEMBER' }] });
        const answer = await fetch(`${cloud.url}/v1/${group}/memberships`, { method: 'POST', headers: { authorization: 'Bearer theirs', 'content-type': 'application/json' }, body });
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      },
      close: () => target.close().finally(() => cloud.close()),
    };
  },
  {
    fill: { 'directory.users.insert': 1_000, 'cloudidentity.groups.memberships.create': 1_000 },
    look: { 'directory.users.list': 11, 'cloudidentity.groups.memberships.searchDirectGroups': 1_001, 'cloudresourcemanager.projects.getIamPolicy': 1 },
    leave: { 'cloudidentity.groups.memberships.lookup': 1, 'cloudidentity.groups.memberships.delete': 1 },
  },
);
