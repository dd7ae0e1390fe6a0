import { patiently as eventually, servicesApart, type ServicesApart } from '@wami/testing';

jest.setTimeout(300_000);

const CONNECTIONS = `connections:
  - { provider: aws, account: "000000000001", endpoint: "http://127.0.0.1:9", credentials: { type: static, accessKeyId: "env:PATH", secretAccessKey: "env:PATH" } }
`;

describe('an API key, where every service is a process of its own and hears of it over Kafka', () => {
  let apart: ServicesApart;
  beforeAll(async () => {
    apart = await servicesApart({ log: 'kafka', connections: CONNECTIONS });
    for (const service of apart.all) service.start();
    await Promise.all(apart.all.map((service) => service.ready(120_000)));
    await apart.call(apart.identity, 'POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
  });
  afterAll(() => apart?.stop());

  const statuses = (token: string): Promise<number[]> => Promise.all(apart.all.map(async (service) =>
    (await fetch(`${service.url}/v1/whoami`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(10_000) })).status));

  it('is taken by every service, and refused by every service within 5 s of its revocation', async () => {
    const figures: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { body: key } = await apart.call<{ id: string; secret: string }>(apart.identity, 'POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: `k${i}` });
      await eventually(async () => expect(await statuses(key.secret)).toEqual([200, 200, 200]));
      expect((await apart.call(apart.identity, 'DELETE', `/v1/api-keys/${key.id}`)).status).toBe(204);
      const since = Date.now();
      await eventually(async () => expect(await statuses(key.secret)).toEqual([401, 401, 401]), { timeoutMs: 5000 });
      figures.push(Date.now() - since);
    }
    console.log(`revocations over Kafka, 3 services: ${figures.length}, slowest ${Math.max(...figures)} ms of 5000`);
  });

  it('tells when it was used last, wherever that was', async () => {
    const { body: key } = await apart.call<{ id: string; secret: string }>(apart.identity, 'POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: 'reader' });
    const read = async (): Promise<unknown> => (await apart.call<{ lastUsedAt?: string }>(apart.identity, 'GET', `/v1/api-keys/${key.id}`)).body.lastUsedAt;
    expect(await read()).toBeUndefined();
    const use = (): Promise<Response> => fetch(`${apart.projection.url}/v1/whoami`, { headers: { authorization: `Bearer ${key.secret}` }, signal: AbortSignal.timeout(10_000) });
    await eventually(async () => (await use()).status === 200);
    await eventually(async () => (await read()) !== undefined, { describe: 'identity heard of the use at the projection' });
  });

  it('goes on being what it was after a restart of the service that checks it', async () => {
    const { body: key } = await apart.call<{ id: string; secret: string }>(apart.identity, 'POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: 'stays' });
    const { body: gone } = await apart.call<{ id: string; secret: string }>(apart.identity, 'POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: 'goes' });
    await eventually(async () => expect(await statuses(gone.secret)).toEqual([200, 200, 200]));
    await apart.projection.kill9();
    await apart.call(apart.identity, 'DELETE', `/v1/api-keys/${gone.id}`);
    apart.projection.start();
    await apart.projection.ready(60_000);
    await eventually(async () => expect([await statuses(key.secret), await statuses(gone.secret)]).toEqual([[200, 200, 200], [401, 401, 401]]), { timeoutMs: 5000 });
  });
});
