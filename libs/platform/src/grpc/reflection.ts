import type { Server } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { FileDescriptorProto } from 'protobufjs/ext/descriptor';
import { OTHER_PROTOS, PROTO_FOLDER, WAMI_PROTOS } from './messages';

/** Tells clients which services there are and of what messages. It is open to everyone, like the OpenAPI document. */
export function serveReflection(server: Server, services: readonly string[]): void {
  const definitions = loadSync([...WAMI_PROTOS, ...OTHER_PROTOS], { includeDirs: [PROTO_FOLDER], keepCase: true });
  new ReflectionService(withImports(definitions), { services: [...services] }).addToServer(server);
}

const PROTOBUF = 'google_protobuf.proto';
const API = 'google_api.proto';

/** The loader makes one file of each package and leaves out what it imports, without which strict clients take none of them. */
function withImports(definitions: PackageDefinition): PackageDefinition {
  return Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [name, {
    ...definition, fileDescriptorProtos: ('fileDescriptorProtos' in definition ? definition.fileDescriptorProtos as Buffer[] : []).map((bytes) => {
      const file = FileDescriptorProto.decode(bytes);
      return Buffer.from(FileDescriptorProto.encode(Object.assign(file, { dependency: importsOf(String(file.toJSON()['name'])) })).finish());
    }),
  }])) as PackageDefinition;
}

function importsOf(file: string): string[] {
  if (file === PROTOBUF) return [];
  return file.startsWith('wami_') ? [PROTOBUF, API] : [PROTOBUF];
}
