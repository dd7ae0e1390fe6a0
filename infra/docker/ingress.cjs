// Writes the ingress that puts every service and the console on one origin, from the services' own OpenAPI documents and the addresses of the console's pages:
//   node infra/docker/ingress.cjs identity=http://127.0.0.1:8081 projection=http://127.0.0.1:8082 > infra/docker/nginx.conf
const { CONSOLE_ADDRESSES } = require('../../services/console');

const METHODS = ['get', 'head', 'put', 'post', 'patch', 'delete'];
/** Longest `Prefer: wait` and long-poll is 60 s; a batch may take longer. */
const ANSWER_SECONDS = 180;
/** The body of a batch. */
const MOST_MIB = 8;

/**
 * Which service answers what: rows of `{ method, path, service }`, without a method where the path is one service's alone. What several
 * offer (health, documents, `GET /v1/tenants`) is the first one's.
 */
function ingressRoutes(documents) {
  const services = Object.keys(documents);
  const paths = [...new Set(services.flatMap((service) => Object.keys(documents[service].paths)))].sort().filter((path) => !path.startsWith('/internal/'));
  return paths.flatMap((path) => {
    const owners = services.filter((service) => path in documents[service].paths);
    if (owners.length === 1) return [{ path, service: owners[0] }];
    return METHODS.flatMap((method) => {
      const service = owners.find((owner) => method in documents[owner].paths[path]);
      return service === undefined ? [] : [{ method: method.toUpperCase(), path, service }];
    });
  });
}

/** What is the console's and stands in no document. */
const consoleRoutes = () => CONSOLE_ADDRESSES.map((path) => ({ path: path.replaceAll(/:(\w+)/g, '{$1}'), service: 'console' }));

/** Matched against the request line, because ids hold encoded slashes. */
function pattern({ method = '\\S+', path }) {
  const verb = method === 'GET' ? '(GET|HEAD)' : method;
  return `"~^${verb} ${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/?]+')}/?(\\?|$)"`;
}

const problem = (code, status, title) =>
  `'{"type":"https://wami.dev/problems/${code}","title":"${title}","status":${status},"code":"${code}","retryable":${status === 503}}'`;

/** nginx.conf as a whole. `addresses`: host and port of each service and of the console; the first one answers what nobody offers, which is a 404 of its own. */
function ingressConfig(documents, addresses, { port = 8080, resolver = '127.0.0.11' } = {}) {
  const [first] = Object.keys(documents);
  const rows = [...consoleRoutes(), ...ingressRoutes(documents)].filter(({ service }) => service !== first);
  const problems = { 502: '@unavailable', 504: '@unavailable', 413: '@too_large' };
  return `# One origin for every service and the console. Written by infra/docker/ingress.cjs from their OpenAPI documents and pages: do not edit, run it.
worker_processes auto;
events { worker_connections 4096; }

http {
  # Query strings hold names that people search for.
  access_log off;
  server_tokens off;
  # Asked again and again, so that a service that came back elsewhere is found.
  resolver ${resolver} valid=5s;

  map "$request_method $request_uri" $service {
    default "${addresses[first]}";
${rows.map((row) => `    ${pattern(row)} "${addresses[row.service]}";`).join('\n')}
  }

  server {
    listen ${port};
    client_max_body_size ${MOST_MIB}m;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 3s;
    proxy_read_timeout ${ANSWER_SECONDS}s;
${Object.entries(problems).map(([status, place]) => `    error_page ${status} = ${place};`).join('\n')}

    location / { proxy_pass http://$service; }
    # Streams: every event at once, for as long as the reader stays.
    location = /v1/events {
      proxy_pass http://$service;
      proxy_buffering off;
      proxy_cache off;
      proxy_read_timeout 1d;
      proxy_send_timeout 1d;
    }
    # Between services only.
    location /internal/ { return 404; }

    location @unavailable {
      default_type application/problem+json;
      add_header Retry-After 1 always;
      return 503 ${problem('Unavailable', 503, 'Unavailable')};
    }
    location @too_large {
      default_type application/problem+json;
      return 413 ${problem('PayloadTooLarge', 413, 'Payload too large')};
    }
  }
}
`;
}

async function documentOf(address) {
  const response = await fetch(`${address}/openapi.json`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${address}/openapi.json was answered ${response.status}`);
  return response.json();
}

/** Where what docker-compose.yml starts answers: services with a document, and the console. */
const SERVICES = { identity: 'identity:8081', projection: 'projection:8082' };
const COMPOSE = { ...SERVICES, console: 'console:8080' };

/** From running services; `at` names the address of each. */
async function composeIngress(at) {
  const documents = Object.fromEntries(await Promise.all(Object.keys(SERVICES).map(async (name) => [name, await documentOf(at[name])])));
  return ingressConfig(documents, COMPOSE);
}

module.exports = { composeIngress, documentOf, ingressConfig, ingressRoutes };

if (require.main === module) {
  const at = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split(/=(.*)/s, 2)));
  composeIngress(at).then((text) => process.stdout.write(text), (error) => {
    process.stderr.write(`ingress: ${error.message}\n`);
    process.exitCode = 1;
  });
}
