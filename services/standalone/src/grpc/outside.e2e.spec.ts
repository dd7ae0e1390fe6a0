import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileProtos, compileStandards, grpcReport } from '@wami/testing';
import { methodRules } from '../testing/grpc-methods';
import { standaloneForAll } from '../testing/standalone-for-all';

const TOKEN = 'the-administrator-of-this-test';
const PROTO = join(dirname(require.resolve('@wami/contracts')), '..', 'proto');

jest.setTimeout(300_000);

describe('gRPC, judged by a client of somebody else that asks by reflection', () => {
  const standalone = standaloneForAll({ name: 'grpc-outside', token: TOKEN });

  it('finds every method, health, what it wrote, rich errors, and a stream that it resumes', async () => {
    const found = await grpcReport(standalone().grpc, TOKEN);
    const health = ['Check', 'List', 'Watch'].map((name) => `grpc.health.v1.Health/${name}`);
    const methods = [...methodRules().map(({ name }) => `wami.v1.${name.replace('.', '/')}`), ...health];
    expect([...found['methods'] as string[]].sort()).toEqual(methods.sort());
    const requestInfo = { 'google.rpc.RequestInfo': { requestId: expect.stringMatching(/^req_/) as string } };
    const info = (reason: string): object => ({ 'google.rpc.ErrorInfo': expect.objectContaining({ reason, domain: 'wami.dev' }) as object, ...requestInfo });
    expect(found).toMatchObject({
      health: { check: 'SERVING', watch: 'SERVING', list: { '': 'SERVING', 'wami.v1.Users': 'SERVING' } },
      created: { user: { userName: 'outsider', tags: { from: 'python' }, version: '1' }, written: { created: true } },
      taken: { code: 'ALREADY_EXISTS', details: { ...info('NameTaken'), 'google.rpc.BadRequest': { fieldViolations: [{ field: 'user.user_name', reason: 'NameTaken' }] } } },
      invalid: { code: 'INVALID_ARGUMENT', details: { ...info('ValidationFailed'), 'google.rpc.BadRequest': { fieldViolations: [{ field: 'user.email' }] } } },
      unknown: { code: 'NOT_FOUND', details: { ...info('NotFound'), 'google.rpc.ResourceInfo': { resourceType: 'users', resourceName: 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' } } },
      late: { code: 'INVALID_ARGUMENT', details: info('MalformedRequest') },
      nobody: { code: 'UNAUTHENTICATED', details: info('Unauthenticated') },
      endless: { code: 'INVALID_ARGUMENT', details: info('MalformedRequest') },
    });
    const [, second] = found['events'] as object[];
    expect(found['resumed']).toEqual(second);
  });

  it('the published descriptor set is what protoc makes of the published .proto files and of the standards in their packages (npm run docs:proto)', async () => {
    expect((await compileProtos(PROTO)).equals(readFileSync(join(PROTO, 'wami.v1.binpb')))).toBe(true);
    expect(await compileStandards()).toBe(readFileSync(join(PROTO, 'standards.json'), 'utf8'));
  });
});
