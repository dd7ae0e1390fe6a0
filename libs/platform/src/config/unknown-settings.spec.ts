import { warnOfUnknownSettings } from './unknown-settings';

function told(env: Readonly<Record<string, string>>): string[] {
  const lines: string[] = [];
  warnOfUnknownSettings(env, { warn: (fields, message) => lines.push(`${message} ${JSON.stringify(fields)}`) });
  return lines;
}

describe('settings that nobody reads', () => {
  it.each([
    ['WAMI_PORT', 'WAMI_HTTP_PORT'], ['WAMI_DATABSE_URL', 'WAMI_DATABASE_URL'], ['WAMI_DATADIR', 'WAMI_DATA_DIR'], ['WAMI_KAFKA_BROKER', 'WAMI_KAFKA_BROKERS'], ['WAMI_CONECTIONS', 'WAMI_CONNECTIONS'],
    ['WAMI_LOGLEVEL', 'WAMI_LOG_LEVEL'], ['WAMI_OIDC_CLIENT', 'WAMI_OIDC_CLIENT_ID'],
  ])('%s is told, and that %s may have been meant', (given, meant) => {
    expect(told({ [given]: 'hunter2' })).toEqual([`no service has these settings, so they do nothing unless the connections file names them: ${given} (did you mean ${meant}?) {"settings":["${given}"]}`]);
  });

  it('are told once, all of them, and never with a value', () => {
    const [line = '', ...more] = told({ WAMI_PEPPER: 'hunter2', WAMI_PORT: '8080', WAMI_HTTP_PORT: '8080' });
    expect([more, line]).toEqual([[], expect.stringMatching(/WAMI_PEPPER \(did you mean WAMI_KEY_PEPPER\?\), WAMI_PORT/) as string]);
    expect(line).not.toMatch(/hunter2|8080/);
  });

  it('are none of another service, of the command line, of tests, of others, or of a Kubernetes service that is called wami', () => {
    const link = 'tcp://10.0.0.7:8081';
    expect(told({
      WAMI_DATA_DIR: 'x', WAMI_WRITERS: 'x', WAMI_ADAPTER: 'x', WAMI_MASTER_KEY_FILE: 'x', WAMI_LEASE_SECONDS: '9', WAMI_OIDC_SCOPE: 'x', WAMI_KAFKA_SASL: 'x', WAMI_SANDBOXES: 'aws', WAMI_TOKEN: 'x', WAMI_TENANT: 'x', WAMI_DATABASE_URL_SYNC_AWS: 'x',
      WAMI_ASSURANCE_EVENTS: '9', WAMI_CHAOS_SEED: '1', PATH: 'x', OTEL_SERVICE_NAME: 'x', WAMI_PORT: link, WAMI_IDENTITY_PORT: link, WAMI_SERVICE_HOST: 'x', WAMI_IDENTITY_SERVICE_PORT_HTTP: '1', WAMI_IDENTITY_PORT_8081_TCP_ADDR: 'x',
    })).toEqual([]);
  });
});
