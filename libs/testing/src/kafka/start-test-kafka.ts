import type { TiedProcess } from '@wami/embedded-postgres';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';
import { PortTakenError, killBroker, startBroker, stopBroker } from './broker';
import { classArchive } from './class-archive';
import type { KafkaCredentials, KafkaPorts } from './config';
import { kafkaJars } from './jars';
import { assertJava } from './java';
import { freeKafkaPorts } from './ports';

const ATTEMPTS = 3;

export interface TestKafkaOptions {
  /** Entries of server.properties, over ours. */
  readonly properties?: Readonly<Record<string, string>>;
  /** With them there is one more address: over TLS, by `LOOPBACK_CERTIFICATE`, and SASL PLAIN. */
  readonly credentials?: KafkaCredentials;
}

export interface TestKafka {
  /** `127.0.0.1:port`, the same over kill and restart. */
  readonly brokers: string[];
  /** The same for who has the credentials. */
  readonly secured: string[];
  /** SIGKILL, and leaves the broker down; `restart` brings it back. */
  kill(): Promise<void>;
  /** Stops the broker when it runs and starts it on the same ports and data; some 5 s after a kill. */
  restart(): Promise<void>;
  /** Also removes its directory. */
  stop(): Promise<void>;
}

interface Launch {
  readonly dataDir: string;
  readonly jars: string;
  readonly jvm: readonly string[];
  readonly properties?: Readonly<Record<string, string>>;
  readonly credentials?: KafkaCredentials | undefined;
}

class Running implements TestKafka {
  constructor(
    private readonly launch: Launch,
    private readonly ports: KafkaPorts,
    private broker: TiedProcess,
  ) {}

  get brokers(): string[] {
    return [`127.0.0.1:${this.ports.client}`];
  }

  get secured(): string[] {
    return [`127.0.0.1:${this.ports.secured}`];
  }

  kill(): Promise<void> {
    return killBroker(this.broker);
  }

  async restart(): Promise<void> {
    await stopBroker(this.broker);
    this.broker = await startBroker({ ...this.launch, ports: this.ports });
  }

  async stop(): Promise<void> {
    await killBroker(this.broker);
    removeDirectory(this.launch.dataDir);
  }
}

async function startOnFreePorts(launch: Launch): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const ports = await freeKafkaPorts();
    try {
      return new Running(launch, ports, await startBroker({ ...launch, ports }));
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt >= ATTEMPTS) throw error;
    }
  }
}

/**
 * A real Apache Kafka broker of its own in a temporary directory, gone with this process however it ends. It takes 2-8 s; the
 * first time on a machine about a minute more, so give the hook that calls it a timeout of 5 minutes. Needs Java and Maven, and
 * says how to get what is missing. Topics are not created automatically.
 */
export async function startTestKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  await assertJava();
  const jars = await kafkaJars();
  const archive = await classArchive(jars);
  const dataDir = temporaryDirectory('kafka');
  try {
    return await startOnFreePorts({ dataDir, jars, jvm: [`-XX:SharedArchiveFile=${archive}`], properties: options.properties, credentials: options.credentials });
  } catch (error) {
    removeDirectory(dataDir);
    throw error;
  }
}
