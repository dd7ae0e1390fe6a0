import { randomBytes } from 'node:crypto';
import { eventually, type TestCollector } from '@wami/testing';

/** A trace that a caller began. */
export function newTrace(): { readonly id: string; readonly traceparent: string } {
  const id = randomBytes(16).toString('hex');
  return { id, traceparent: `00-${id}-b7ad6b7169203331-01` };
}

const COMMAND = 'POST /v1/users';
const PASS = `${COMMAND} > pass create user`;
const STEPS = [
  COMMAND, `${COMMAND} > append`, `${COMMAND} > fold sync-aws`, PASS, `${PASS} > call create`, `${PASS} > call create > CreateUser`, `${COMMAND} > fold projection`, `${PASS} > fold projection`,
];
const PUBLISHED = [`${COMMAND} > publish`, `${PASS} > publish`];

/** From the creation of a user to the call of the cloud and to what is read, each step below the one that led to it, and nothing else. `sync`: what the service calls itself that calls the cloud. */
export async function expectOneTrace(collector: TestCollector, id: string, { log, sync }: { readonly log: 'kafka' | 'postgres'; readonly sync: string }): Promise<void> {
  const steps = [...STEPS, ...(log === 'kafka' ? PUBLISHED : [])].sort();
  await eventually(() => expect(collector.paths(id)).toEqual(steps), { timeoutMs: 20_000, describe: 'the whole trace' });
  const spans = collector.spans().filter(({ traceId }) => traceId === id);
  expect(spans.find(({ name }) => name === 'CreateUser')).toMatchObject({ service: sync, attributes: { 'wami.method': 'CreateUser', 'wami.attempt': 1, 'wami.tenant': 'acme' } });
  expect(spans.find(({ name }) => name === 'pass create user')?.attributes).toMatchObject({ 'wami.outcome': 'succeeded', 'wami.code': 'ok' });
  expect(spans.find(({ name }) => name === COMMAND)?.attributes).toMatchObject({ 'http.route': '/v1/users', 'http.response.status_code': 201 });
}
