import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client, credentials, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { Root, type INamespace, type Type } from 'protobufjs';

const PROTO = join(dirname(require.resolve('@wami/contracts')), '..', 'proto');
const DESCRIPTOR = 'google/protobuf/descriptor.proto';
const WAMI = 'wami/v1';
const DEADLINE_MS = 30_000;

export interface CallOptions {
  readonly token?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Null: none. Default 30 s. */
  readonly deadlineMs?: number | null;
}
type Message = Record<string, unknown>;
export interface Answered {
  readonly message: Message;
  readonly trailer: Metadata;
}

/** Every .proto file that is published, and the standards. */
export function loadProtos(): Root {
  const root = new Root();
  root.resolvePath = (_origin, target) => {
    if (target === DESCRIPTOR || target.startsWith('google/api/')) return require.resolve(`protobufjs/${target}`);
    return target.startsWith('google/protobuf/') ? target : join(PROTO, target);
  };
  root.loadSync([...readdirSync(join(PROTO, WAMI)).map((name) => `${WAMI}/${name}`), 'google/protobuf/any.proto', 'google/protobuf/duration.proto']);
  root.addJSON((JSON.parse(readFileSync(join(PROTO, 'standards.json'), 'utf8')) as INamespace).nested ?? {});
  root.resolveAll();
  return root;
}

/** A call that failed, with its details by the name of their type. */
export class GrpcRefusal extends Error {
  constructor(readonly code: number, message: string, readonly details: Readonly<Record<string, Message>>) {
    super(`${code} ${message} ${JSON.stringify(details)}`);
  }
}

export interface WatchedCall {
  /** Resolves with the next message; rejects with a GrpcRefusal where the stream failed, or an Error where it ended. */
  next(): Promise<Message>;
  /** Takes nothing more from the line. */
  readonly stream: ClientReadableStream<Message>;
  cancel(): void;
}

/** Speaks `wami.v1` by its .proto files, over one connection. Messages are as protobufjs gives them: `userName`. */
export class GrpcClient {
  private readonly root = loadProtos();
  private readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure(), { 'grpc.max_send_message_length': -1, 'grpc.use_local_subchannel_pool': 1 });
  }

  /** `wami.v1.Users/CreateUser`. @throws GrpcRefusal */
  call(name: string, request: object = {}, options: CallOptions = {}): Promise<Answered> {
    const { asked, answered } = this.types(name);
    return new Promise((resolve, reject) => {
      let trailer = new Metadata();
      let message: Message | undefined;
      this.client.makeUnaryRequest(`/${name}`, writer(asked), reader(answered), request as Message, metadataOf(options), optionsOf(options), (error, value) => {
        if (error) reject(this.refusal(error));
        else message = value;
      }).on('status', (status) => {
        trailer = status.metadata;
        if (message) resolve({ message, trailer });
      });
    });
  }

  watch(name: string, request: object = {}, options: CallOptions = {}): WatchedCall {
    const { asked, answered } = this.types(name);
    const stream = this.client.makeServerStreamRequest(`/${name}`, writer(asked), reader(answered), request as Message, metadataOf(options), optionsOf(options));
    stream.on('error', () => undefined); // the iterator tells it
    const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Message>;
    const next = async (): Promise<Message> => {
      const { value, done } = await iterator.next().catch((error: unknown) => Promise.reject(this.refusal(error as ServiceError)));
      if (done === true) throw new Error('the stream ended');
      return value as Message;
    };
    return { next, stream, cancel: () => stream.cancel() };
  }

  close(): void {
    this.client.close();
  }

  private types(name: string): { readonly asked: Type; readonly answered: Type } {
    const [service = '', method = ''] = name.split('/');
    const found = this.root.lookupService(service).methods[method];
    if (!found?.resolvedRequestType || !found.resolvedResponseType) throw new Error(`there is no method ${name}`);
    return { asked: found.resolvedRequestType, answered: found.resolvedResponseType };
  }

  private refusal(error: ServiceError): unknown {
    if (error.code === undefined) return error;
    const [packed] = error.metadata?.get('grpc-status-details-bin') ?? [];
    const status = packed instanceof Buffer ? plain(this.root.lookupType('google.rpc.Status'), packed) : {};
    const details = (status['details'] as { typeUrl?: string; type_url?: string; value?: Buffer }[] | undefined ?? []).map((any) => {
      const name = (any.type_url ?? any.typeUrl ?? '').split('/').at(-1) ?? '';
      return [name, plain(this.root.lookupType(name), any.value ?? Buffer.alloc(0))];
    });
    return new GrpcRefusal(error.code, error.details, Object.fromEntries(details) as Record<string, Message>);
  }
}

const plain = (type: Type, bytes: Buffer): Message => type.toObject(type.decode(bytes), { longs: Number, enums: String, bytes: Buffer });
const writer = (type: Type) => (request: Message): Buffer => Buffer.from(type.encode(type.fromObject(request)).finish());
const reader = (type: Type) => (bytes: Buffer): Message => plain(type, bytes);

function metadataOf({ token, metadata = {} }: CallOptions): Metadata {
  const said = new Metadata();
  for (const [name, value] of Object.entries(metadata)) said.set(name, value);
  if (token !== undefined) said.set('authorization', `Bearer ${token}`);
  return said;
}

const optionsOf = ({ deadlineMs = DEADLINE_MS }: CallOptions): { deadline?: number } => (deadlineMs === null ? {} : { deadline: Date.now() + deadlineMs });
