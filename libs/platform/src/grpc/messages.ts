import { dirname, join } from 'node:path';
import { Root, util, type Service, type Type } from 'protobufjs';
import { fromJsonValue, fromTimestamp, toJsonValue, toTimestamp, type ProtoTimestamp, type ProtoValue } from './well-known';

/** The published .proto files, as `libs/contracts` ships them. */
export const PROTO_FOLDER = join(dirname(require.resolve('@wami/contracts/package.json')), 'proto');
export const WAMI_PROTOS = ['common', 'events', 'groups', 'policies', 'relations', 'resources', 'roles', 'service_accounts', 'sync_verbs', 'tenants', 'users']
  .map((name) => `wami/v1/${name}.proto`);
export const OTHER_PROTOS = ['google/rpc/error_details.proto', 'google/rpc/status.proto', 'grpc/health/v1/health.proto'];

/** Every message and service that we speak. Messages are read and written as their JSON, as in HTTP. */
export function loadMessages(): Root {
  const root = new Root();
  root.resolvePath = (_origin, target) => (target.startsWith('google/protobuf/') && target !== 'google/protobuf/descriptor.proto' ? target : join(PROTO_FOLDER, target));
  root.loadSync([...WAMI_PROTOS, ...OTHER_PROTOS]).resolveAll();
  speakJson(root.lookupType('google.protobuf.Struct'), (fields: { fields?: Record<string, ProtoValue> }) => toJsonValue({ structValue: fields }),
    (json) => fromJsonValue(json).structValue ?? {});
  speakJson(root.lookupType('google.protobuf.ListValue'), (list: { values?: ProtoValue[] }) => toJsonValue({ listValue: list }), (json) => fromJsonValue(json).listValue ?? {});
  speakJson(root.lookupType('google.protobuf.Timestamp'), (time: ProtoTimestamp) => fromTimestamp(time), (json) => toTimestamp(String(json)));
  return root;
}

/** The JSON form of a well-known type, for this root's messages only: other users of protobufjs in the process keep theirs. */
function speakJson<Message>(type: Type, toJson: (message: Message) => unknown, fromJson: (json: unknown) => object): void {
  const { fromObject, toObject } = type.setup();
  type.toObject = ((message: Message, options: object) => toJson(toObject.call(type, message as never, options) as Message)) as typeof type.toObject;
  type.fromObject = (json) => fromObject.call(type, fromJson(json));
}

/** Absent fields are left out, so that what was not sent is told from what is empty. */
export function readMessage(type: Type, bytes: Uint8Array): Record<string, unknown> {
  return type.toObject(type.decode(bytes), { longs: Number, enums: String });
}

export function writeMessage(type: Type, json: object): Buffer {
  return Buffer.from(type.encode(type.fromObject(json as Record<string, unknown>)).finish());
}

export const servicesOf = (root: Root, names: readonly string[]): Service[] => names.map((name) => root.lookupService(name));

/** `user_name` as JSON writes it, and back. */
export const jsonName = (name: string): string => util.camelCase(name);
export const protoName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
