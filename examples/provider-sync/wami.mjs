import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';

const folder = env['WAMI_DATA_DIR'] ?? '.wami';
/** @returns {{ url: string, sandboxes: Record<string, string> }} */
const running = () => JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'));

/** Where WAMI answers: as you say, else the `npm start` of this folder. */
export const address = () => env['WAMI_ADDRESS'] ?? running().url;
const token = () => env['WAMI_TOKEN'] ?? readFileSync(join(folder, 'admin.token'), 'utf8').trim();

/** Address of a sandbox cloud of that `npm start`. @param {string} target */
export const sandbox = (target) => running().sandboxes[target] ?? '';

/**
 * One call. Throws what WAMI says where it refuses.
 * @param {string} method @param {string} path @param {object} [body] @param {Record<string, string>} [headers]
 */
export async function call(method, path, body, headers = {}) {
  const response = await fetch(address() + path, {
    method, headers: { authorization: `Bearer ${token()}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers }, ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(90_000),
  });
  /** @type {any} */
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.code}: ${answer.detail ?? answer.title}`);
  return answer;
}
