import { FileDescriptorSet, type IDescriptorProto, type IEnumDescriptorProto, type IFieldDescriptorProto, type IServiceDescriptorProto } from 'protobufjs/ext/descriptor';

const OURS = 'wami.';
const REPEATED = 3;
/** Of google.protobuf.FieldDescriptorProto.Type, from 1 on. */
const TYPES = [
  '', 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string', 'group', 'message', 'bytes', 'uint32', 'enum', 'sfixed32', 'sfixed64', 'sint32', 'sint64',
];

/** All that a client of ours may rest on, a line each: the fields of messages with number, name and type, the values of enums, the methods of services. Sorted. */
export function protoSurface(descriptorSet: Uint8Array): string[] {
  const { file = [] } = FileDescriptorSet.decode(descriptorSet) as unknown as { file: readonly File[] };
  return file.map((one) => ({ ...one, name: one.package ?? '' })).filter(({ name }) => name.startsWith(OURS)).flatMap(({ name, messageType, enumType, service }) => [
    ...(messageType ?? []).flatMap((message) => ofMessage(name, message)), ...(enumType ?? []).flatMap((one) => ofEnum(name, one)), ...(service ?? []).flatMap((one) => ofService(name, one)),
  ]).sort();
}

/** What was published and is not there any more, or is otherwise: clients that were built with it break. */
export function brokenPromises(published: readonly string[], now: readonly string[]): string[] {
  const kept = new Set(now);
  return published.filter((line) => !kept.has(line));
}

interface File {
  readonly package?: string | null;
  readonly messageType?: readonly IDescriptorProto[];
  readonly enumType?: readonly IEnumDescriptorProto[];
  readonly service?: readonly IServiceDescriptorProto[];
}

function ofMessage(within: string, { name, field, nestedType, enumType }: IDescriptorProto): string[] {
  const own = `${within}.${name ?? ''}`;
  return [
    `message ${own}`, ...(field ?? []).map((one) => `message ${own}: ${one.number ?? 0} ${one.name ?? ''} ${typeOf(one)}`),
    ...(nestedType ?? []).flatMap((one) => ofMessage(own, one)), ...(enumType ?? []).flatMap((one) => ofEnum(own, one)),
  ];
}

function typeOf({ label, type, typeName, proto3Optional }: IFieldDescriptorProto & { readonly proto3Optional?: boolean }): string {
  return `${label === REPEATED ? 'repeated ' : proto3Optional ? 'optional ' : ''}${typeName || (TYPES[Number(type ?? 0)] ?? '')}`;
}

const ofEnum = (within: string, { name, value }: IEnumDescriptorProto): string[] =>
  (value ?? []).map((one) => `enum ${within}.${name ?? ''}: ${one.number ?? 0} ${one.name ?? ''}`);

function ofService(within: string, { name, method }: IServiceDescriptorProto): string[] {
  return (method ?? []).map((one) => `rpc ${within}.${name ?? ''}.${one.name ?? ''}(${one.inputType ?? ''}) returns (${one.serverStreaming ? 'stream ' : ''}${one.outputType ?? ''})`);
}
