import { FileDescriptorProto } from 'protobufjs/ext/descriptor';
import { Descriptors } from './descriptors';

const descriptors = new Descriptors();
const names = (files: readonly Buffer[] | undefined): unknown[] | undefined => files?.map((bytes) => (FileDescriptorProto.decode(bytes).toJSON() as { name?: string }).name);

describe('what reflection tells', () => {
  it('a file comes with all that it imports, each once', () => {
    const found = names(descriptors.fileOf('wami.v1.Users')) ?? [];
    expect(found[0]).toBe('wami/v1/users.proto');
    expect(found).toEqual(expect.arrayContaining(['wami/v1/common.proto', 'google/protobuf/timestamp.proto', 'google/api/annotations.proto', 'google/protobuf/descriptor.proto']));
    expect(new Set(found).size).toBe(found.length);
  });

  it.each([
    ['wami.v1.Users.CreateUser', 'wami/v1/users.proto'], ['wami.v1.User', 'wami/v1/users.proto'], ['wami.v1.SyncSummary.Count', 'wami/v1/resources.proto'],
    ['google.rpc.ErrorInfo', 'google/rpc/error_details.proto'], ['grpc.health.v1.Health', 'grpc/health/v1/health.proto'],
    ['grpc.reflection.v1.ServerReflection', 'grpc/reflection/v1/reflection.proto'],
  ])('%s is in %s', (symbol, file) => {
    expect(names(descriptors.fileOf(symbol))?.[0]).toBe(file);
  });

  it('knows extensions, and says so where it knows nothing', () => {
    expect(names(descriptors.extension('google.protobuf.MethodOptions', 72295728))?.[0]).toBe('google/api/annotations.proto');
    expect(descriptors.extensionsOf('google.protobuf.MethodOptions')).toEqual([72295728]);
    expect([descriptors.fileOf('wami.v1.Nothing'), descriptors.file('none.proto'), descriptors.extensionsOf('no.Type')]).toEqual([undefined, undefined, undefined]);
  });
});
