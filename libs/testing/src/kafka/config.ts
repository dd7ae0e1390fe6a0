import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../loopback-certificate';

export interface KafkaPorts {
  readonly client: number;
  readonly controller: number;
  /** Where clients are let in over TLS, with a name and a password. */
  readonly secured?: number;
}

export interface KafkaCredentials {
  readonly username: string;
  readonly password: string;
}

export const GROUP_PARTITIONS = 4;

function properties(dataDir: string, ports: KafkaPorts): Record<string, string | number | boolean> {
  const client = `PLAINTEXT://127.0.0.1:${ports.client}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `${client},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': client,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(dataDir, 'log'),
    'auto.create.topics.enable': false,
    'num.partitions': 3,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': GROUP_PARTITIONS,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    // After a SIGKILL the new broker is refused until the session of the old one ends; the default is 9 s.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3000,
    // The default takes 128 MiB of heap.
    'log.cleaner.dedupe.buffer.size': 8 << 20,
  };
}

const LOGGING = `status=error
rootLogger.level=info
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %m (%c{1})%n%throwable
`;

export interface KafkaFiles {
  readonly server: string;
  readonly logging: string;
}

/** One more listener: over TLS, by a certificate that says 127.0.0.1, for who knows the password. */
function secured(dataDir: string, { client, controller, secured: port }: KafkaPorts, { username, password }: KafkaCredentials): Record<string, string> {
  const keystore = join(dataDir, 'keystore.pem');
  writeFileSync(keystore, LOOPBACK_KEY + LOOPBACK_CERTIFICATE);
  const listeners = `PLAINTEXT://127.0.0.1:${client},SECURED://127.0.0.1:${port}`;
  return {
    listeners: `${listeners},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': listeners,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,CONTROLLER:PLAINTEXT',
    'listener.name.secured.ssl.keystore.type': 'PEM',
    'listener.name.secured.ssl.keystore.location': keystore,
    'listener.name.secured.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.secured.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
  };
}

export function writeConfig(dataDir: string, ports: KafkaPorts, overrides: Readonly<Record<string, string>>, credentials?: KafkaCredentials): KafkaFiles {
  const files = { server: join(dataDir, 'server.properties'), logging: join(dataDir, 'log4j2.properties') };
  const lines = Object.entries({ ...properties(dataDir, ports), ...(credentials ? secured(dataDir, ports, credentials) : {}), ...overrides }).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(files.server, lines.join(''));
  writeFileSync(files.logging, LOGGING);
  return files;
}
