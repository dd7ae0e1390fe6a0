import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { startSandboxGcp } from './start-sandbox-gcp';
import type { SandboxGcp } from './start-sandbox-gcp';

let sandbox: SandboxGcp;
let google: JsonClient;
let nodes: readonly string[];
const directory = mkdtempSync(join(tmpdir(), 'sandbox-gcp-above-'));
const start = async (): Promise<void> => {
  sandbox = await startSandboxGcp({ stateFile: join(directory, 'gcp.jsonl') });
  google = jsonClient(sandbox.url);
  nodes = [`projects/${sandbox.project}`, `folders/${sandbox.folder}`, `organizations/${sandbox.organization}`];
};
beforeAll(start);
afterAll(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

const createRole = (parent: string, title: string): Promise<JsonAnswer> => google('POST', `/v1/${parent}/roles`, { roleId: 'reader', role: { title, includedPermissions: ['iam.roles.get'] } });
const give = (node: string, role: string): Promise<JsonAnswer> => google('POST', `/v3/${node}:setIamPolicy`, { policy: { bindings: [{ role, members: ['allUsers'] }] } });

it('roles of the project are given in it alone, those of the organisation everywhere below; each node has a policy of its own, also after a restart', async () => {
  const [project = '', folder = '', organization = ''] = nodes;
  for (const parent of [project, organization]) expect(await createRole(parent, parent)).toMatchObject({ status: 200, json: { name: `${parent}/roles/reader`, title: parent } });
  expect((await createRole(folder, 'none')).status).toBe(404);
  expect(await Promise.all(nodes.map(async (node) => (await give(node, `${project}/roles/reader`)).status))).toEqual([200, 400, 400]);
  expect(await Promise.all([folder, organization].map(async (node) => (await give(node, `${organization}/roles/reader`)).status))).toEqual([200, 200]);
  expect((await give(folder, `${organization}/roles/absent`)).status).toBe(400);
  await sandbox.close();
  await start();
  expect(sandbox.snapshot()).toMatchObject({
    roles: [{ title: project }], policy: { bindings: [{ role: `${project}/roles/reader` }] }, folder: { policy: { bindings: [{ role: `${organization}/roles/reader` }] } },
    organization: { roles: [{ title: organization }], policy: { bindings: [{ role: `${organization}/roles/reader` }] } },
  });
});

it('whoever is deleted stays in each policy under a name that says so', async () => {
  const { json } = await google('POST', `/v1/projects/${sandbox.project}/serviceAccounts`, { accountId: 'robot-1' });
  const { email } = json as { readonly email: string };
  for (const node of nodes) await google('POST', `/v3/${node}:setIamPolicy`, { policy: { bindings: [{ role: 'roles/viewer', members: [`serviceAccount:${email}`] }] } });
  await google('DELETE', `/v1/projects/${sandbox.project}/serviceAccounts/${email}`);
  const { policy, folder, organization } = sandbox.snapshot();
  for (const { bindings } of [policy, folder.policy, organization.policy]) expect(bindings).toMatchObject([{ members: [expect.stringMatching(/^deleted:serviceAccount:.*\?uid=\d+$/)] }]);
});

it('an organisation and a folder that are not its own are 403, as what is not to be seen', async () => {
  for (const node of ['organizations/1', 'folders/1']) {
    expect((await google('GET', `/v3/${node}`)).status).toBe(403);
    expect((await give(node, 'roles/viewer')).status).toBe(403);
  }
  expect((await google('GET', '/v1/organizations/1/roles')).status).toBe(403);
});
