import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Secret } from './secret';
import { StartupError } from './startup-error';

/** Host names or addresses with ports, separated by commas. */
const brokersSchema = z.string().transform((text, context) => {
  const brokers = text.split(',').map((broker) => broker.trim()).filter(Boolean);
  if (brokers.length === 0 || !brokers.every((broker) => /^[^\s:/]+:\d{1,5}$/.test(broker))) {
    context.addIssue({ code: 'custom', message: 'must be host:port, several separated by commas' });
  }
  return brokers;
});

/** Where the brokers are, and how a service is let in there. */
export const kafkaConfigShape = {
  WAMI_KAFKA_BROKERS: brokersSchema.optional(),
  WAMI_KAFKA_TLS: z.enum(['true', 'false']).default('false').transform((text) => text === 'true'),
  WAMI_KAFKA_CA_FILE: z.string().min(1).optional(),
  WAMI_KAFKA_SASL: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  WAMI_KAFKA_USERNAME: z.string().min(1).optional(),
  WAMI_KAFKA_PASSWORD: z.string().min(1).transform((value) => new Secret(value)).optional(),
};

type Config = z.infer<z.ZodObject<typeof kafkaConfigShape>>;

/** As the event log takes it; plain values, for some are copied to a thread. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly ssl?: { readonly ca?: string };
  readonly sasl?: { readonly mechanism: NonNullable<Config['WAMI_KAFKA_SASL']>; readonly username: string; readonly password: string };
}

/** Undefined where there is no Kafka. @throws StartupError where what is said does not go together, or the authority cannot be read. */
export function kafkaOf(config: Config): KafkaAccess | undefined {
  const { WAMI_KAFKA_BROKERS: brokers, WAMI_KAFKA_TLS: tls, WAMI_KAFKA_CA_FILE: authority, WAMI_KAFKA_SASL: mechanism, WAMI_KAFKA_USERNAME: username, WAMI_KAFKA_PASSWORD: password } = config;
  if (!brokers) return undefined;
  if (authority !== undefined && !tls) throw new StartupError('WAMI_KAFKA_CA_FILE says whom to believe over TLS, which is off. Set WAMI_KAFKA_TLS=true.');
  const ssl = tls ? { ssl: authority === undefined ? {} : { ca: authorityIn(authority) } } : {};
  if (mechanism === undefined) {
    if (username !== undefined || password !== undefined) throw new StartupError('WAMI_KAFKA_USERNAME and WAMI_KAFKA_PASSWORD need to know how to sign in. Set WAMI_KAFKA_SASL: plain, scram-sha-256 or scram-sha-512.');
    return { brokers, ...ssl };
  }
  if (username === undefined || password === undefined) throw new StartupError(`WAMI_KAFKA_SASL=${mechanism} needs a name and a password. Set WAMI_KAFKA_USERNAME and WAMI_KAFKA_PASSWORD.`);
  if (mechanism === 'plain' && !tls) throw new StartupError('WAMI_KAFKA_SASL=plain would send the password for everybody to read. Set WAMI_KAFKA_TLS=true, or sign in by scram-sha-512.');
  return { brokers, ...ssl, sasl: { mechanism, username, password: password.reveal() } };
}

function authorityIn(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    throw new StartupError(`WAMI_KAFKA_CA_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Name a file of certificates in PEM.`);
  }
  throw new StartupError(`WAMI_KAFKA_CA_FILE: ${file} holds no certificate. Name a file of certificates in PEM.`);
}
