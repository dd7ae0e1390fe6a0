import { once } from 'node:events';
import { status, type Server, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Root } from 'protobufjs';
import { definitionOf } from './definitions';
import { Descriptors } from './descriptors';

const VERSIONS = ['grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'];
/** Who asks nothing for so long is let go. */
const IDLE_MS = 60_000;

interface Asked {
  readonly listServices?: string;
  readonly fileByFilename?: string;
  readonly fileContainingSymbol?: string;
  readonly fileContainingExtension?: { readonly containingType?: string; readonly extensionNumber?: number };
  readonly allExtensionNumbersOfType?: string;
}
type Call = ServerDuplexStream<Asked, object>;

/** Tells clients which services there are and of what messages. It is open to everyone, like the OpenAPI document. Ends its calls at the signal. */
export function serveReflection(server: Server, root: Root, services: readonly string[], stop: AbortSignal): void {
  const answers = new Answers(services);
  for (const version of VERSIONS) {
    server.addService(definitionOf(root.lookupService(version)), { ServerReflectionInfo: (call: Call) => converse(call, answers, stop) });
  }
}

function converse(call: Call, answers: Answers, stop: AbortSignal): void {
  const end = (): void => { call.end(); };
  const idle = setTimeout(end, IDLE_MS);
  stop.addEventListener('abort', end, { once: true });
  const over = (): void => {
    clearTimeout(idle);
    stop.removeEventListener('abort', end);
  };
  call.once('cancelled', over).once('finish', over).once('end', end);
  call.on('data', (asked: Asked) => {
    idle.refresh();
    if (call.writableEnded || call.write({ originalRequest: asked, ...answers.to(asked) })) return;
    // Nothing more is read until this is taken.
    call.pause();
    once(call, 'drain').then(() => call.resume(), end);
  });
}

class Answers {
  private readonly descriptors = new Descriptors();

  constructor(private readonly services: readonly string[]) {}

  to({ listServices, fileByFilename, fileContainingSymbol, fileContainingExtension, allExtensionNumbersOfType: type }: Asked): object {
    if (listServices !== undefined) return { listServicesResponse: { service: this.services.map((name) => ({ name })) } };
    if (type !== undefined) {
      const numbers = this.descriptors.extensionsOf(type);
      return numbers ? { allExtensionNumbersResponse: { baseTypeName: type, extensionNumber: numbers } } : notFound(type);
    }
    if (fileByFilename !== undefined) return files(this.descriptors.file(fileByFilename), fileByFilename);
    if (fileContainingSymbol !== undefined) return files(this.descriptors.fileOf(fileContainingSymbol), fileContainingSymbol);
    const { containingType = '', extensionNumber = 0 } = fileContainingExtension ?? {};
    return files(this.descriptors.extension(containingType, extensionNumber), `${containingType} ${extensionNumber}`);
  }
}

function files(found: readonly Buffer[] | undefined, name: string): object {
  return found ? { fileDescriptorResponse: { fileDescriptorProto: found } } : notFound(name);
}

function notFound(name: string): object {
  return { errorResponse: { errorCode: status.NOT_FOUND, errorMessage: `nothing is known of ${name.slice(0, 200)}` } };
}
