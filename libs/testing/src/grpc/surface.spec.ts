import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileDescriptorSet } from 'protobufjs/ext/descriptor';
import { brokenPromises, protoSurface } from './surface';

const FOLDER = join(__dirname, '..', '..', '..', 'contracts', 'proto');
const STRING = 9;
const INT32 = 5;
const field = (number: number, name: string, type = STRING): object => ({ name, number, type, label: 1 });
const surfaceOf = (fields: readonly object[], methods: readonly string[]): string[] => protoSurface(FileDescriptorSet.encode({
  file: [{
    name: 'a.proto', package: 'wami.v1', messageType: [{ name: 'User', field: [...fields] }],
    service: [{ name: 'Users', method: methods.map((name) => ({ name, inputType: '.wami.v1.User', outputType: '.wami.v1.User' })) }],
  }],
} as never).finish());

describe('what clients of wami.v1 rest on', () => {
  it('is what was published, and more only where `npm run docs:proto` wrote it down', () => {
    const now = protoSurface(readFileSync(join(FOLDER, 'wami.v1.binpb')));
    const published = readFileSync(join(FOLDER, 'wami.v1.published.txt'), 'utf8').trimEnd().split('\n');
    expect(brokenPromises(published, now)).toEqual([]);
    expect(brokenPromises(now, published)).toEqual([]);
    expect(published.filter((line) => line.startsWith('rpc ')).length).toBeGreaterThan(60);
    expect(published).toContain('message wami.v1.Plan: 10 operations repeated .wami.v1.PlanOperation');
  });

  it('breaks where a field or a method is removed, renumbered, renamed or made another, and not where one is added', () => {
    const published = surfaceOf([field(1, 'id'), field(2, 'name')], ['Get', 'List']);
    expect(published).toEqual([
      'message wami.v1.User', 'message wami.v1.User: 1 id string', 'message wami.v1.User: 2 name string',
      'rpc wami.v1.Users.Get(.wami.v1.User) returns (.wami.v1.User)', 'rpc wami.v1.Users.List(.wami.v1.User) returns (.wami.v1.User)',
    ]);
    const broken = (fields: readonly object[], methods = ['Get', 'List']): string[] => brokenPromises(published, surfaceOf(fields, methods));
    const name = ['message wami.v1.User: 2 name string'];
    expect(broken([field(1, 'id')])).toEqual(name);
    expect(broken([field(1, 'id'), field(3, 'name')])).toEqual(name);
    expect(broken([field(1, 'id'), field(2, 'called')])).toEqual(name);
    expect(broken([field(1, 'id'), field(2, 'name', INT32)])).toEqual(name);
    expect(broken([field(1, 'id'), field(2, 'name')], ['Get'])).toEqual(['rpc wami.v1.Users.List(.wami.v1.User) returns (.wami.v1.User)']);
    expect(broken([field(1, 'id'), field(2, 'name'), field(3, 'more')], ['Get', 'List', 'Watch'])).toEqual([]);
  });
});
