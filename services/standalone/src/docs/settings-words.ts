/** What is said of a setting that its schema does not say. */
export interface Words {
  readonly meaning: string;
  /** What holds where it is not given, where no one value does. */
  readonly otherwise?: string;
}

/** In the order of the page. */
export const SETTINGS: Readonly<Record<string, Words>> = {
  WAMI_HTTP_PORT: { otherwise: '`8080` (`npm start`, console), identity `8081`, projection `8082`, sync-aws `8090`, sync-gcp `8091`, sync-azure `8092`, sync-custom `8093`', meaning: 'port to listen on; `0` picks a free one' },
  WAMI_GRPC_PORT: { otherwise: '`50051`, projection `50052`; any free one where `WAMI_HTTP_PORT` is `0`', meaning: 'port of [gRPC](grpc.md); `0` picks a free one' },
  WAMI_METRICS_PORT: { otherwise: '`/metrics` takes the administrator\'s token, on `WAMI_HTTP_PORT`', meaning: 'a port where `GET /metrics` is answered without a token, and nothing else: to whoever reaches it, so let only Prometheus. `0` picks a free one' },
  WAMI_HOST: { meaning: 'address to bind' },
  WAMI_INSTANCE: { meaning: 'name of this installation: part of every ARN and of every ownership mark; the same on every service' },
  WAMI_LOG_LEVEL: { otherwise: '`info` (`npm start`: `warn`)', meaning: '`debug`, `info`, `warn`, `error`; JSON lines on stderr' },
  WAMI_DATA_DIR: { meaning: 'embedded PostgreSQL, administrator\'s token, sandbox clouds' },
  WAMI_DATABASE_URL: { otherwise: 'embedded PostgreSQL (`npm start`); required apart', meaning: '`postgres://user:password@host:port/database`' },
  WAMI_KAFKA_BROKERS: { otherwise: 'PostgreSQL carries the log', meaning: '`host:port`, several separated by commas' },
  WAMI_KAFKA_TLS: { meaning: '`true`: the brokers are reached over TLS' },
  WAMI_KAFKA_CA_FILE: { otherwise: 'those that Node.js believes', meaning: 'certificates in PEM: only what they signed is taken for a broker. Read at the start' },
  WAMI_KAFKA_SASL: { otherwise: 'nobody signs in', meaning: 'how to sign in to the brokers: `plain` (over TLS only), `scram-sha-256` or `scram-sha-512`' },
  WAMI_KAFKA_USERNAME: { otherwise: 'none; required with `WAMI_KAFKA_SASL`', meaning: 'as whom' },
  WAMI_KAFKA_PASSWORD: { otherwise: 'none; required with `WAMI_KAFKA_SASL`', meaning: 'with which password' },
  WAMI_ADMIN_TOKEN: { otherwise: 'made at the first start, in `$WAMI_DATA_DIR/admin.token` (`npm start`); required apart', meaning: 'the administrator\'s token, at least 20 characters' },
  WAMI_KEY_PEPPER: { otherwise: 'made at the first start, in `$WAMI_DATA_DIR/key.pepper` (`npm start`); required apart', meaning: 'the secret under which API keys are hashed, at least 32 characters, the same on every service; with another one every API key is refused' },
  WAMI_MASTER_KEY: { otherwise: 'made at the first start, in `$WAMI_DATA_DIR/master.key` (`npm start`); required for identity', meaning: '32 bytes in base64 (`openssl rand -base64 32`): under it the keys of [personal data](personal-data.md) are kept. Lost, that data is; another one stops the start' },
  WAMI_MASTER_KEY_FILE: { meaning: 'a file with the master key, instead' },
  WAMI_MASTER_KEY_PREVIOUS: { meaning: 'the master key before: what it wrapped is wrapped anew at the start' },
  WAMI_SERVICE_TOKEN: { meaning: 'the secret that the services show each other, at least 32 characters, the same on every service: with it they ask identity for keys' },
  WAMI_IDENTITY_URL: { meaning: 'where identity answers: `http://host:8081`' },
  WAMI_OIDC_ISSUER: { otherwise: 'no access tokens are taken', meaning: 'an OpenID Connect issuer whose access tokens (JWT) are taken: its `https://` address exactly as the tokens name it' },
  WAMI_OIDC_AUDIENCE: { otherwise: 'required with an issuer', meaning: 'what must stand in the tokens\' `aud`' },
  WAMI_OIDC_ALGORITHMS: { meaning: 'signatures that are taken, separated by commas: also `RS384`, `RS512`, `PS384`, `PS512`, `ES384`, `ES512`; never a shared secret' },
  WAMI_OIDC_TENANT_CLAIM: { meaning: 'the claim that holds the bearer\'s tenant, like `acme/engineering`; dots lead into objects' },
  WAMI_OIDC_ROLE_CLAIM: { meaning: 'the claim that holds the bearer\'s role, or a list with one: `realm_access.roles`' },
  WAMI_OIDC_PRIVATE_NETWORK: { meaning: '`true`: the issuer and its keys may be at addresses of a private network (10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7). Link-local and metadata addresses are never connected to, whatever name leads there' },
  WAMI_OIDC_CLIENT_ID: { otherwise: 'nobody signs in to the [console](console.md#signing-in) at the issuer', meaning: 'the public client that the console is there; the issuer sends people back to `https://<the console>/signed-in`' },
  WAMI_OIDC_SCOPE: { meaning: 'scopes that the console asks for, separated by a blank: such that the access token is for `WAMI_OIDC_AUDIENCE` and carries tenant and role' },
  WAMI_OIDC_RESOURCE: { otherwise: 'not sent', meaning: 'what the token is asked for (RFC 8707), where the issuer wants to hear it: often the audience' },
  WAMI_CONNECTIONS: { otherwise: 'sandbox clouds (`npm start`); required apart', meaning: 'path of the connections file' },
  WAMI_SANDBOXES: { meaning: 'which sandbox clouds there are where no connections file is named, separated by commas' },
  WAMI_CREDENTIAL_CHECK_SECONDS: { meaning: 'how often credentials are tried beside their use, 10 to 86400; `npm start` does so every 900 s' },
  WAMI_ADAPTER: { otherwise: 'none (`npm start`); required for sync-custom', meaning: 'the npm package that holds [an adapter of your own](writing-an-adapter.md), `@acme/wami-okta`, found as a module is from the folder where WAMI runs, or its folder, `/opt/wami-okta`. It is code that runs as WAMI does: name only what you trust' },
  WAMI_LEASE_SECONDS: { meaning: 'how long a target stays with a replica that gave no sign of life; another one takes over so long after a crash. Calls time out after 0.4 of it, at most 12 s' },
  WAMI_WRITERS: { meaning: 'where the writers answer, for `Wami-Consistency: strong` and to tell identity when API keys were used: `identity=http://host:8081,sync-aws=http://host:8090`, and each other sync service that runs' },
  OTEL_EXPORTER_OTLP_ENDPOINT: { otherwise: 'nothing is traced', meaning: 'an OpenTelemetry collector that takes [traces](observability.md#traces): `http://collector:4318`; with it `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` and others' },
};

/** Of HTTP, read by every process. */
export const LIMITS: Readonly<Record<string, Words>> = {
  WAMI_HTTP_RATE: { meaning: 'requests a second of one credential (429 `RateLimited`); an operation inside of a batch does not count. `RateLimit` and `RateLimit-Policy` on each answer say what is left' },
  WAMI_HTTP_BURST: { meaning: 'as many at once after a pause' },
  WAMI_HTTP_FAILED_LOGINS: { meaning: 'refused credentials a minute of one address: then only credentials that were good in the last five minutes are looked at, others are 429. Addresses of this machine are not counted: a proxy there stands for everybody' },
  WAMI_TRUSTED_PROXIES: { meaning: 'addresses or ranges (`10.0.0.7,10.1.0.0/16`) of proxies whose `X-Forwarded-For` says where a caller of HTTP is. Without, everybody behind one proxy shares one address. Name only what nobody but the proxy can send from' },
  WAMI_HTTP_WRITES: { meaning: 'writes being worked on at a time (503 `Overloaded`)' },
  WAMI_HTTP_READS: { meaning: 'reads at a time: a room of their own, so that a flood of writes leaves them' },
  WAMI_HTTP_REVOCATIONS: { meaning: 'deletions (but of a whole tenant) at a time: a room of their own too' },
  WAMI_HTTP_WAITING: { meaning: 'requests that only wait (`Prefer: wait`, `settled=true`, event streams) beside those; more take the room of work' },
  WAMI_HTTP_BODIES_MIB: { meaning: 'memory for bodies that arrive or are worked on (503)' },
  WAMI_HTTP_CONNECTIONS: { meaning: 'open connections; more are closed at once' },
};
