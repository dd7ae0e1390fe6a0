import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlantedSecrets } from './planted-secrets';

export const ACCOUNT = '000000000001';

export interface PlantedSettings {
  readonly administrator: string;
  readonly env: Readonly<Record<string, string>>;
  /** What sends spans to this collector, which asks for a password. */
  tracing(collector: string): Readonly<Record<string, string>>;
  /** The connections file for a cloud at this address. */
  connections(endpoint: string): string;
  /** One whose secrets are not there. */
  readonly withoutSecrets: string;
  /** One with the secrets themselves in it, and one that is no YAML. */
  readonly literal: string;
  readonly broken: string;
}

/** Every secret that WAMI is told at its start, each another one. */
export function plantedSettings(planted: PlantedSecrets, folder: string): PlantedSettings {
  const administrator = `${planted.word('token of the administrator')}-of-this-test`;
  const master = Buffer.from(`${planted.word('master key')}${'-'.repeat(32)}`.slice(0, 32)).toString('base64');
  planted.keep('master key, as it is given', master);
  const secretFile = join(folder, 'cloud.secret');
  writeFileSync(secretFile, `${planted.word('secret access key')}\n`, { mode: 0o600 });
  const env = {
    WAMI_LOG_LEVEL: 'debug', WAMI_HTTP_FAILED_LOGINS: '100000', WAMI_ADMIN_TOKEN: administrator, WAMI_MASTER_KEY: master,
    WAMI_KEY_PEPPER: `${planted.word('pepper')}-of-at-least-32-characters`, WAMI_SERVICE_TOKEN: `${planted.word('service token')}-of-at-least-32-characters`,
    PLANTED_KEY_ID: `AKIA${planted.word('access key id').toUpperCase()}`, PLANTED_SESSION: `IQoJb3JpZ2luX2Vj${planted.word('session token')}${'A'.repeat(150)}==`,
  };
  const file = (endpoint: string, id: string, secret: string, session: string): string =>
    `connections:\n  - { provider: aws, account: "${ACCOUNT}", endpoint: "${endpoint}", credentials: { type: static, accessKeyId: "${id}", secretAccessKey: "${secret}", sessionToken: "${session}" } }\n`;
  const nowhere = 'http://127.0.0.1:9';
  return {
    administrator, env,
    tracing: (collector) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.replace('://', `://ann:${planted.word('password in the address of a collector')}@`), OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${planted.word('token for a collector')}`,
    }),
    connections: (endpoint) => file(endpoint, 'env:PLANTED_KEY_ID', `file:${secretFile}`, 'env:PLANTED_SESSION'),
    withoutSecrets: file(nowhere, 'env:PLANTED_ABSENT', `file:${secretFile}.absent`, 'env:PLANTED_SESSION'),
    literal: file(nowhere, planted.word('key id in the file'), planted.word('secret in the file'), planted.word('session in the file')),
    broken: `connections: [ { secretAccessKey: "${planted.word('secret in what is no YAML')} ]`,
  };
}
