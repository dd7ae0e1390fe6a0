import { runAccessMatrix, startGrpcGateway, type MatrixWorld } from '@wami/testing';
import { startCarelessProxy } from './testing/careless-proxy';
import { MATRIX, MATRIX_ADMINISTRATOR, matrixWorldIn } from './testing/matrix-options';
import { standaloneForAll } from './testing/standalone-for-all';

jest.setTimeout(240_000);

describe('assurance test 8: who may call what', () => {
  const standalone = standaloneForAll({ name: 'matrix', token: MATRIX_ADMINISTRATOR });
  let world: MatrixWorld;
  beforeAll(async () => { world = await matrixWorldIn(standalone()); });

  it('nothing of another tenant is read, changed, counted or hinted at, and nobody is refused what is his', async () => {
    const { operations, probes, leaks } = await runAccessMatrix({ ...MATRIX, world, origins: [standalone().url] });
    console.log(`access matrix: ${operations} routes, ${probes} probes, leaks ${leaks.length}`);
    expect(leaks).toEqual([]);
  });

  it('the same over gRPC, called by a client of somebody else: every method stands for one route', async () => {
    const gateway = await startGrpcGateway({ grpc: standalone().grpc, http: standalone().url });
    try {
      const publicOperations = [...MATRIX.publicOperations, 'GET /metrics'];
      const { operations, probes, leaks } = await runAccessMatrix({ ...MATRIX, world, publicOperations, origins: [gateway.endpoint], brief: true });
      console.log(`access matrix over gRPC: ${operations} routes, ${probes} probes, leaks ${leaks.length}`);
      expect(leaks).toEqual([]);
    } finally {
      await gateway.stop();
    }
  });

  it('control: catches a forgotten scope, a forgotten role, an open route, a hint and a stream that tells everything', async () => {
    const bugs = [
      { method: 'GET', path: /^\/v1\/users\/\w+$/, asToken: MATRIX_ADMINISTRATOR },
      { method: 'GET', path: /^\/v1\/sync-states/, asToken: MATRIX_ADMINISTRATOR },
      { method: 'GET', path: /^\/v1\/events$/, asToken: MATRIX_ADMINISTRATOR },
      { method: 'POST', path: /^\/v1\/sync\/retry/, asToken: MATRIX_ADMINISTRATOR },
      { method: 'DELETE', path: /^\/v1\/groups\/\w+$/, status: { from: 404, to: 403 } },
      { method: 'GET', path: /^\/v1\/tenants\/[\w%-]+$/, status: { from: 200, to: 403 } },
    ] as const;
    const proxy = await startCarelessProxy(standalone().url, bugs);
    const probed = ({ name }: { readonly name: string }): boolean => {
      const [verb, route = ''] = name.split(' ');
      return bugs.some(({ method, path }) => verb === method && path.test(route.replaceAll(/\{\w+\}/g, 'x')));
    };
    try {
      const { leaks } = await runAccessMatrix({ ...MATRIX, world, origins: [proxy.url], probed });
      console.log(`control: caught (${leaks.length})`);
      for (const found of [
        /^GET \/v1\/users\/\{id\} as viewer of another tenant, naming it in path:id: 200 instead of 404/, /^GET \/v1\/users\/\{id\} as viewer of a child tenant/,
        /^GET \/v1\/users\/\{id\} with no token: 200/, /^GET \/v1\/users\/\{id\} .*: tells a name/, /^GET \/v1\/sync-states .*naming it in query:tenant: 200/,
        /^the stream of events as viewer of another tenant: tells/, /^POST \/v1\/sync\/retry as viewer of its own tenant: 202 instead of 403/,
        /^DELETE \/v1\/groups\/\{id\} as admin of another tenant, .* 403 instead of 404/, /^GET \/v1\/tenants\/\{id\} as viewer of its own tenant: 403 instead of success/,
      ]) expect(leaks).toContainEqual(expect.stringMatching(found));
    } finally {
      await proxy.close();
    }
  });
});
