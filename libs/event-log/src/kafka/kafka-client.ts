import { Kafka, logLevel, type LogEntry, type SASLOptions } from 'kafkajs';

export interface KafkaConnection {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  /** How this process shows in the brokers' logs. */
  readonly clientId: string;
  /** Over TLS; `ca`: whom to believe instead of those that Node.js does, in PEM. */
  readonly ssl?: { readonly ca?: string } | undefined;
  /** How it signs in. */
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string } | undefined;
}

/** Remembers which broker could not be reached last, for an operator; kafkajs tells it only through its log. */
export class BrokerWatch {
  private problem: string | undefined;

  get reason(): string | undefined {
    return this.problem;
  }

  /** An answer of a broker arrived. */
  answered(): void {
    this.problem = undefined;
  }

  readonly note = ({ level, log }: LogEntry): void => {
    const { broker, message } = log as { readonly broker?: unknown; readonly message: string };
    if (level <= logLevel.ERROR && typeof broker === 'string') this.problem = `Kafka broker ${broker}: ${message.split('\n')[0] ?? ''}`;
  };
}

/** Recovers from a broker's restart within a second of its return; after some 5 s without one an operation fails and its caller starts afresh. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 500, multiplier: 1.5, factor: 0.2, retries: 10 } as const;

export function kafkaClient(connection: KafkaConnection, watch: BrokerWatch): Kafka {
  const { brokers, clientId, ssl, sasl } = connection;
  return new Kafka({
    brokers: [...brokers], clientId, ...(ssl === undefined ? {} : { ssl }), ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
    connectionTimeout: 1000, requestTimeout: 5000, retry: RETRY, logLevel: logLevel.ERROR, logCreator: () => watch.note,
  });
}
