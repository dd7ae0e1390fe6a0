// @ts-check
// Takes in webhooks: verifies the signature, drops repeats, prints the events. README.md says what to set.
import { createServer } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const { WEBHOOK_SECRET: secret, PORT = '9000', HOST = '127.0.0.1' } = process.env;
if (!secret) throw new Error('set WEBHOOK_SECRET (whsec_...)');
const webhook = new Webhook(secret);
const LARGEST_BODY = 1024 * 1024;
const MOST_REMEMBERED = 100_000;

/** Ids that were taken in, oldest first. A program that does more than print keeps them in its database, with what it did. @type {Set<string>} */
const seen = new Set();

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * The status to answer. The signature is over the bytes as they came: verify before anything is parsed.
 * @param {string | undefined} body
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
function take(body, headers) {
  if (body === undefined) return 413;
  try {
    webhook.verify(body, /** @type {Record<string, string>} */ (headers), { jsonParse: false });
  } catch (error) {
    if (error instanceof WebhookVerificationError) return 401;
    throw error;
  }
  const id = String(headers['webhook-id']);
  if (seen.has(id)) return 204;
  process.stdout.write(`${JSON.stringify(JSON.parse(body))}\n`);
  seen.add(id);
  if (seen.size > MOST_REMEMBERED) for (const oldest of seen) { seen.delete(oldest); break; }
  return 204;
}

const server = createServer((request, response) => {
  bodyOf(request).then((body) => take(body, request.headers)).then(
    (status) => response.writeHead(status).end(),
    (error) => {
      console.error(String(error));
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(PORT), HOST, () => console.error(`listening on http://${HOST}:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`));
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
