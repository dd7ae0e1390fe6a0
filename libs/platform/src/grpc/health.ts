import { status, type ServerUnaryCall, type ServerWritableStream, type UntypedServiceImplementation, type sendUnaryData } from '@grpc/grpc-js';
import type { HealthRegistry } from '../health/health-registry';

const POLL_MS = 500;
const MOST_WATCHERS = 100;

interface Asked {
  readonly service?: string;
}
interface Said {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

/** The standard health service; what is ready is what `/health/ready` says. It is open to everyone, like that. */
export class GrpcHealth {
  private readonly watchers = new Set<() => void>();
  private stopping = false;

  constructor(private readonly registry: HealthRegistry, private readonly services: ReadonlySet<string>) {}

  readonly implementation: UntypedServiceImplementation = {
    Check: (call: ServerUnaryCall<Asked, Said>, callback: sendUnaryData<Said>) => {
      const said = this.of(call.request.service);
      if (said.status === 'SERVICE_UNKNOWN') callback({ code: status.NOT_FOUND, details: 'there is no such service here' });
      else callback(null, said);
    },
    List: (_call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => {
      callback(null, { statuses: Object.fromEntries(['', ...this.services].map((service) => [service, this.of(service)])) });
    },
    Watch: (call: ServerWritableStream<Asked, Said>) => this.watch(call),
  };

  /** From now on nothing serves any more, and who watches is let go. */
  stop(): void {
    this.stopping = true;
    for (const end of [...this.watchers]) end();
  }

  private of(service = ''): Said {
    if (service !== '' && !this.services.has(service)) return { status: 'SERVICE_UNKNOWN' };
    return { status: !this.stopping && this.registry.readiness().ready ? 'SERVING' : 'NOT_SERVING' };
  }

  private watch(call: ServerWritableStream<Asked, Said>): void {
    if (this.watchers.size >= MOST_WATCHERS) {
      call.destroy(Object.assign(new Error('too many watch'), { code: status.RESOURCE_EXHAUSTED }));
      return;
    }
    let last = '';
    const say = (): void => {
      const said = this.of(call.request.service);
      if (said.status === last) return;
      last = said.status;
      call.write(said);
    };
    const timer = setInterval(say, POLL_MS);
    const forget = (): void => {
      clearInterval(timer);
      this.watchers.delete(end);
    };
    const end = (): void => {
      forget();
      say();
      call.end();
    };
    this.watchers.add(end);
    call.once('cancelled', forget);
    say();
  }
}
