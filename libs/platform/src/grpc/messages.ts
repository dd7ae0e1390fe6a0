import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Root, Type, util, type Field, type INamespace, type Service } from 'protobufjs';
import { WELL_KNOWN } from './well-known';

/** Our .proto files, as `libs/contracts` ships them. */
export const PROTO_FOLDER = join(dirname(require.resolve('@wami/contracts')), '..', 'proto');
const WAMI = ['access', 'access_keys', 'approvals', 'batch', 'common', 'conflicts', 'dead_letters', 'drift', 'event_replays', 'events', 'explain', 'groups', 'identity_providers', 'login_profiles', 'mfa_devices', 'pauses', 'plans', 'policies', 'projection', 'providers', 'relations', 'repairs', 'reports', 'resources', 'roles', 'service_accounts', 'sync_verbs', 'tenants', 'users'];
/** What `standards.json` is made of. */
const NEEDED = ['google/protobuf/any.proto', 'google/protobuf/duration.proto'];
/** The .proto files that protobufjs has in its package; others of `google/protobuf` it knows by heart. */
const PACKAGED = ['google/protobuf/descriptor.proto', 'google/api/'];

/** Every message and service that we speak: ours, and those of `standards.json` (google.rpc, health, reflection; `npm run docs:proto`). */
export function loadMessages(): Root {
  const root = new Root();
  root.resolvePath = (_origin, target) => {
    if (PACKAGED.some((start) => target.startsWith(start))) return require.resolve(`protobufjs/${target}`);
    return target.startsWith('google/protobuf/') ? target : join(PROTO_FOLDER, target);
  };
  root.loadSync([...WAMI.map((name) => `wami/v1/${name}.proto`), ...NEEDED]);
  const standards = JSON.parse(readFileSync(join(PROTO_FOLDER, 'standards.json'), 'utf8')) as INamespace;
  root.addJSON(standards.nested ?? {});
  root.resolveAll();
  return root;
}

type Json = Readonly<Record<string, unknown>>;

/** The message as the JSON of HTTP. Absent fields are left out, so that what was not sent is told from what is empty. @throws where it is no such message */
export function readMessage(type: Type, bytes: Uint8Array): Json {
  return walk(type, type.toObject(type.decode(bytes), { longs: Number, enums: String }), 'read') as Json;
}

/** Fields that the message does not have are left out. */
export function writeMessage(type: Type, json: object): Buffer {
  return Buffer.from(type.encode(type.fromObject(walk(type, json, 'write') as Json)).finish());
}

/** Messages are objects of their fields, but for those that stand for a JSON value. */
function walk(type: Type, value: unknown, way: 'read' | 'write'): unknown {
  const known = WELL_KNOWN[type.fullName];
  if (known) return known[way](value);
  const given = value as Json;
  return Object.fromEntries(type.fieldsArray.flatMap((field) => {
    const isThere = Object.hasOwn(given, field.name) && given[field.name] !== undefined && (given[field.name] !== null || isJson(field));
    return isThere ? [[field.name, inField(field, given[field.name], way)]] : [];
  }));
}

function inField({ resolvedType, repeated, map }: Field, value: unknown, way: 'read' | 'write'): unknown {
  if (!(resolvedType instanceof Type)) return value;
  if (repeated) return (value as readonly unknown[]).map((one) => walk(resolvedType, one, way));
  if (map) return Object.fromEntries(Object.entries(value as Json).map(([key, one]) => [key, walk(resolvedType, one, way)]));
  return walk(resolvedType, value, way);
}

const isJson = ({ resolvedType }: Field): boolean => resolvedType?.fullName === '.google.protobuf.Value';

export const servicesOf = (root: Root, names: readonly string[]): Service[] => names.map((name) => root.lookupService(name));

/** `user_name` as JSON writes it, and back. */
export const jsonName = (name: string): string => util.camelCase(name);
export const protoName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
