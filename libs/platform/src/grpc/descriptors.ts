import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reader } from 'protobufjs';
import { FileDescriptorProto, type IDescriptorProto, type IFileDescriptorProto } from 'protobufjs/ext/descriptor';
import { PROTO_FOLDER } from './messages';

/** What protoc made of the .proto files: every file with all that it imports (`npm run docs:proto`). */
export const DESCRIPTOR_SET = join(PROTO_FOLDER, 'wami.v1.binpb');

/** The files of a descriptor set, each exactly as protoc wrote it. */
export class Descriptors {
  private readonly byName = new Map<string, { readonly bytes: Buffer; readonly imports: readonly string[] }>();
  private readonly bySymbol = new Map<string, string>();
  private readonly byExtension = new Map<string, Map<number, string>>();

  constructor(set: Uint8Array = readFileSync(DESCRIPTOR_SET)) {
    for (const bytes of filesIn(set)) this.add(bytes, FileDescriptorProto.decode(bytes) as IFileDescriptorProto);
  }

  /** The file and all that it needs; undefined where there is no such file. */
  file(name: string): Buffer[] | undefined {
    if (!this.byName.has(name)) return undefined;
    const needed = new Set([name]);
    for (const one of needed) for (const imported of this.byName.get(one)?.imports ?? []) needed.add(imported);
    return [...needed].flatMap((one) => this.byName.get(one)?.bytes ?? []);
  }

  /** The file that declares a service, method, message, field or enum by its full name. */
  fileOf(symbol: string): Buffer[] | undefined {
    return this.file(this.bySymbol.get(symbol) ?? '');
  }

  extension(type: string, number: number): Buffer[] | undefined {
    return this.file(this.byExtension.get(type)?.get(number) ?? '');
  }

  extensionsOf(type: string): number[] | undefined {
    return this.bySymbol.has(type) ? [...this.byExtension.get(type)?.keys() ?? []] : undefined;
  }

  private add(bytes: Buffer, file: IFileDescriptorProto): void {
    const { name = '', package: scope = '', dependency = [], messageType = [], enumType = [], service = [], extension = [] } = file;
    this.byName.set(name, { bytes, imports: dependency });
    const declare = (symbol: string): unknown => this.bySymbol.set(symbol, name);
    const message = (within: string, { name: own = '', field = [], nestedType = [], enumType: enums = [] }: IDescriptorProto): void => {
      const full = `${within}.${own}`;
      declare(full);
      for (const one of [...field, ...enums]) declare(`${full}.${one.name ?? ''}`);
      for (const one of nestedType) message(full, one);
    };
    for (const one of messageType) message(scope, one);
    for (const one of [...enumType, ...extension]) declare(`${scope}.${one.name ?? ''}`);
    for (const one of service) {
      declare(`${scope}.${one.name ?? ''}`);
      for (const method of one.method ?? []) declare(`${scope}.${one.name ?? ''}.${method.name ?? ''}`);
    }
    for (const { extendee = '', number = 0 } of extension) {
      const type = extendee.replace(/^\./, '');
      this.byExtension.set(type, (this.byExtension.get(type) ?? new Map<number, string>()).set(number, name));
    }
  }
}

function filesIn(set: Uint8Array): Buffer[] {
  const reader = Reader.create(set);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FILE) files.push(Buffer.from(reader.bytes()));
    else reader.skipType(tag & 7);
  }
  return files;
}

/** Field 1, with its length. */
const FILE = 10;
