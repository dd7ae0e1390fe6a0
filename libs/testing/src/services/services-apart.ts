import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestKafka, type TestKafka } from '../kafka/start-test-kafka';
import { startTestPostgres, type TestPostgres, type TestPostgresOptions } from '../postgres';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';
import { serviceProcess, type OnOutput, type ServiceProcess } from './service-process';

const CALL_TIMEOUT_MS = 60_000;

export interface ServicesApartOptions {
  /** What carries the events from service to service. */
  readonly log: 'kafka' | 'postgres';
  /** The connections file, YAML. */
  readonly connections: string;
  /** For every service, over ours. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: OnOutput;
  readonly postgres?: TestPostgresOptions;
}

export interface ApartAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** identity, sync-aws and projection as processes of their own on a PostgreSQL and, where asked for, a Kafka broker. None is started yet. */
export interface ServicesApart {
  readonly identity: ServiceProcess;
  readonly syncAws: ServiceProcess;
  readonly projection: ServiceProcess;
  readonly all: readonly ServiceProcess[];
  /** One sync service more beside `syncAws`, the same or another one, with `env` over ours; not started yet. */
  another(name: string, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  readonly postgres: TestPostgres;
  readonly kafka: TestKafka | undefined;
  /** Where the connections file is. */
  readonly connections: string;
  /** What the services show each other. */
  readonly serviceToken: string;
  /** The administrator's header. */
  readonly authorization: string;
  /** As the administrator, whatever the status. */
  call<Body>(service: ServiceProcess, method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApartAnswer<Body>>;
  /** Kills what runs and removes everything. */
  stop(): Promise<void>;
}

const TOKEN = 'the-administrator-of-this-installation';
const SERVICE_TOKEN = 'what-the-services-of-this-installation-share';
const MASTER_KEY = Buffer.alloc(32, 'the master key').toString('base64');
const PEPPER = 'the-pepper-of-this-installation-32';

/** Give the hook that calls it 5 minutes: Kafka may have to be fetched. */
export async function servicesApart(options: ServicesApartOptions): Promise<ServicesApart> {
  const directory = temporaryDirectory('apart');
  const [postgres, kafka] = await Promise.all([startTestPostgres(options.postgres), options.log === 'kafka' ? startTestKafka() : undefined]);
  const connections = join(directory, 'connections.yaml');
  writeFileSync(connections, options.connections);
  const shared = {
    WAMI_DATABASE_URL: postgres.url, WAMI_ADMIN_TOKEN: TOKEN, WAMI_KEY_PEPPER: PEPPER, WAMI_SERVICE_TOKEN: SERVICE_TOKEN, ...(kafka ? { WAMI_KAFKA_BROKERS: kafka.brokers.join(',') } : {}), ...options.env,
  };
  const identity = await serviceProcess('identity', { WAMI_MASTER_KEY: MASTER_KEY, ...shared }, options.onOutput);
  const others = { ...shared, WAMI_IDENTITY_URL: identity.url };
  const syncing = { ...others, WAMI_CONNECTIONS: connections };
  const syncAws = await serviceProcess('sync-aws', syncing, options.onOutput);
  const projection = await serviceProcess('projection', { ...others, WAMI_WRITERS: `identity=${identity.url},sync-aws=${syncAws.url}` }, options.onOutput);
  const all = [identity, syncAws, projection];
  const more: ServiceProcess[] = [];
  const authorization = `Bearer ${shared.WAMI_ADMIN_TOKEN}`;
  return {
    identity, syncAws, projection, all, postgres, kafka, authorization, connections, serviceToken: shared.WAMI_SERVICE_TOKEN,
    call: (service, method, path, body, headers) => call(service.url + path, method, body, { authorization, ...headers }),
    async another(name, env) {
      const service = await serviceProcess(name, { ...syncing, ...env }, options.onOutput);
      more.push(service);
      return service;
    },
    async stop() {
      await Promise.all([...all, ...more].map((service) => service.kill9()));
      await Promise.all([postgres.stop(), kafka?.stop()]);
      removeDirectory(directory);
    },
  };
}

async function call<Body>(url: string, method: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<ApartAnswer<Body>> {
  const request = body === undefined ? { headers } : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...request, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as Body };
}
