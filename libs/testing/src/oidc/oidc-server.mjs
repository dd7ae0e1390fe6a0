// The certified OpenID provider of npm, as a process of its own because it comes as an ES module only. All it is told stands in its environment.
import Provider from 'oidc-provider';

const { PORT, JWKS, AUDIENCE, CLIENTS, COOKIE_KEY } = process.env;
const clients = JSON.parse(CLIENTS);
const issuer = `http://127.0.0.1:${PORT}`;

const provider = new Provider(issuer, {
  jwks: JSON.parse(JWKS),
  cookies: { keys: [COOKIE_KEY] },
  clients: clients.map(({ id, secret, redirect }) => (redirect ? {
    // On this machine at any port, as programs that wait at one are.
    client_id: id, application_type: 'native', token_endpoint_auth_method: 'none', grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: [redirect],
  } : {
    client_id: id, client_secret: secret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [], token_endpoint_auth_method: 'client_secret_basic',
  })),
  features: {
    devInteractions: { enabled: clients.some(({ redirect }) => redirect) },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:wami',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'api', audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'RS256' } } }),
    },
  },
  extraTokenClaims: (_context, token) => clients.find(({ id }) => id === token.clientId)?.claims,
});

provider.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
