import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from './emulator';

interface Project {
  readonly projectId?: string;
  readonly projectNumber?: string;
  readonly name?: string;
  readonly lifecycleState?: string;
}
type Policy = Readonly<Record<string, unknown>> & { readonly etag?: string };

/**
 * Version 3 of Resource Manager's projects and allow policies before a server that speaks version 1. All that is decided is decided there;
 * here fields get their other names, and etags the base64 that version 3 writes bytes in.
 */
export async function startVersion3(version1: string): Promise<Emulator> {
  const server = createServer((request, response) => {
    answer(version1, request).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(version1: string, request: IncomingMessage): Promise<{ readonly status: number; readonly body: unknown }> {
  const { pathname } = new URL(request.url ?? '/', 'http://v3');
  const path = pathname.replace(/^\/v3\/projects(:search)?/, '/v1/projects');
  const sent = await textOf(request);
  const { policy, options } = (sent === '' ? {} : JSON.parse(sent)) as { policy?: Policy; options?: unknown };
  const body = policy === undefined ? options && { options } : { policy: withEtag(policy, 'base64', 'utf8') };
  const response = await fetch(version1 + path, {
    method: request.method ?? 'GET', headers: { 'content-type': 'application/json' }, ...(request.method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const answered = (await response.json()) as Project & Policy & { readonly projects?: readonly Project[] };
  if (!response.ok) return { status: response.status, body: answered };
  if (path.endsWith('IamPolicy')) return { status: 200, body: withEtag(answered, 'utf8', 'base64') };
  return { status: 200, body: pathname.endsWith(':search') ? { projects: (answered.projects ?? []).map(project) } : project(answered) };
}

function project({ projectId, projectNumber, name, lifecycleState }: Project): unknown {
  return { name: `projects/${projectNumber ?? ''}`, projectId, displayName: name, state: lifecycleState };
}

function withEtag(policy: Policy, from: 'utf8' | 'base64', to: 'utf8' | 'base64'): Policy {
  return policy.etag === undefined ? policy : { ...policy, etag: Buffer.from(policy.etag, from).toString(to) };
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
