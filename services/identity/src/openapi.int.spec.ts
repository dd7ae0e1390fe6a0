import { worldForAll } from '@wami/testing';
import { IdentityWorld } from './testing/identity-world';

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly responses: Record<string, { $ref?: string; description?: string; content?: object }>;
  readonly requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
  readonly parameters?: { name: string; in: string }[];
}

jest.setTimeout(60_000);

describe('the OpenAPI document', () => {
  let world: IdentityWorld;
  let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, { examples?: unknown[] }>; responses: Record<string, { content?: object }> } };
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    document = (await world.call('GET', '/openapi.json')).body as unknown as typeof document;
  });

  const of = (method: string, path: string): Operation => {
    const operation = document.paths[path]?.[method];
    if (!operation) throw new Error(`${method} ${path} is not described`);
    return operation;
  };

  it.each([
    ['post', '/v1/users', ['201', '400', '401', '404', '409', '415', '422']], ['get', '/v1/users/{id}', ['200', '304', '401', '404']],
    ['patch', '/v1/users/{id}', ['200', '404', '409', '412', '422']], ['delete', '/v1/users/{id}', ['200', '204', '404', '412']],
    ['post', '/v1/groups', ['201', '409']], ['put', '/v1/groups/{id}/members/{userId}', ['200', '201', '204', '404', '409', '422']],
    ['delete', '/v1/groups/{id}/members/{userId}', ['204', '404']],
    ['post', '/v1/roles', ['201', '409', '422']], ['post', '/v1/policies', ['201', '409', '422']], ['delete', '/v1/policies/{id}', ['204', '404', '409']],
    ['get', '/v1/policies/{id}/versions', ['200', '404']], ['post', '/v1/policies/simulate', ['200', '400', '404', '422']], ['patch', '/v1/service-accounts/{id}', ['200', '412', '422']],
    ...['users', 'groups', 'roles', 'service-accounts'].flatMap((owner): [string, string, string[]][] => [
      ['put', `/v1/${owner}/{id}/policies/{policyId}`, ['200', '201', '204', '404', '409', '422']], ['delete', `/v1/${owner}/{id}/policies/{policyId}`, ['200', '204', '404']],
    ]), ['post', '/v1/tenants', ['201', '404', '409']], ['get', '/v1/tenants', ['200', '400']],
    ['delete', '/v1/tenants/{id}', ['202', '204', '409']], ['put', '/v1/tenants/{id}/sync-config', ['200', '412', '422']], ['get', '/v1/tenants/{id}/sync-config', ['200']],
    ['post', '/v1/batch', ['200', '413', '422']], ['post', '/v1/sync', ['200', '202', '404']], ['post', '/v1/sync/retry', ['200', '202']], ['post', '/v1/sync/resolve', ['200', '202', '422']],
  ])('describes %s %s with %j', (method, path, statuses) => {
    const operation = of(method, path);
    expect(operation.summary).toBeTruthy();
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(statuses));
    for (const status of statuses.filter((one) => Number(one) >= 400)) {
      expect(document.components.responses[operation.responses[status]?.$ref?.split('/').at(-1) ?? '']?.content).toHaveProperty(['application/problem+json']);
    }
  });

  it('names the headers of a write, and the body with its schema and an example', () => {
    const patch = of('patch', '/v1/users/{id}');
    expect(patch.parameters?.map(({ name }) => name)).toEqual(expect.arrayContaining(['id', 'dryRun', 'Idempotency-Key', 'If-Match', 'Prefer', 'X-Correlation-Id']));
    expect(Object.keys(patch.requestBody?.content ?? {}).sort()).toEqual(['application/json', 'application/merge-patch+json']);
    const create = of('post', '/v1/users');
    const name = create.requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? '';
    expect(document.components.schemas[name]?.examples).toBeTruthy();
  });

  it('names every operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^\w+$/);
  });

  it('refers to nothing that it does not define', () => {
    const references = new Set([...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect([...references].filter((name) => name !== undefined && !(name in document.components.schemas))).toEqual([]);
  });
});
