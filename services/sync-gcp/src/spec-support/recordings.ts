import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fidelityFolder } from '@wami/testing';
import type { CallContext, Connection, Desired, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { createGcpAdapter } from '../gcp/gcp.adapter';
import type { Exchange } from './discovery';
import { startRecordingServer, type Respond } from './recording-server';

process.env['SPEC_GCP_FIDELITY_TOKEN'] = 'spec-token';
export const credentials = { type: 'bearer', token: 'env:SPEC_GCP_FIDELITY_TOKEN' };
/** Ends by itself. */
export const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
/** Undefined where the recordings do not stand beside the checkout. */
export const folder = fidelityFolder('Google: requests and answers by its discovery documents and recordings');
export const PROJECT = 'web-shop';
export const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };

/** As the recordings spell them, once their placeholders are filled in. */
export const DIRECTORY = { customer: 'C00qzcxfe', domain: 'spec.example' };

export function desired(kind: string, name: string, document: Desired['document'] = {}, policies: readonly string[] = []): Desired {
  return { name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_1`, kind }, document, facets: policies.length === 0 ? {} : { policies } };
}

/** The adapter before a server that answers as told; what passed is seen. */
export async function withAdapter<T>(respond: Respond, use: (target: ProviderTarget, exchanges: readonly Exchange[], url: string) => Promise<T>, account = PROJECT, held: Pick<Connection, 'denyPolicies' | 'accessBoundaries'> = {}): Promise<T> {
  const server = await startRecordingServer(respond);
  const target = createGcpAdapter({ pageSize: 2 }).connect({ provider: 'gcp', account, endpoint: server.url, credentials, directory: DIRECTORY, ...held });
  try {
    return await use(target, server.exchanges, server.url);
  } finally {
    await target.close();
    await server.close();
  }
}
export const handlerOf = (target: ProviderTarget, kind: string): ResourceHandler => target.handler(kind) as ResourceHandler;

interface Recording {
  readonly source: { readonly provenance: string };
  readonly exchanges: readonly Exchange[];
}
const PLACEHOLDERS: Readonly<Record<string, string>> = { projectId: PROJECT, projectNumber: '1234567890', uniqueId: 'abc123', ISOLATED_TEST_ORG_NAME: 'spec.example', groupID: '0abcdef', membershipID: '123' };

/** Recordings whose name begins so: live ones, and for requests those that a real client made of an emulator too. */
export function recordings(beginning: string, provenances = ['live']): (readonly [string, readonly Exchange[]])[] {
  if (folder === undefined) return [];
  return readdirSync(join(folder, 'google')).filter((file) => file.startsWith(beginning)).flatMap((file) => {
    const text = readFileSync(join(folder, 'google', file), 'utf8').replace(/\$\{(\w+)\}/g, (_, name: string) => PLACEHOLDERS[name] ?? '1');
    const { source, exchanges } = JSON.parse(text) as Recording;
    return provenances.includes(source.provenance) ? [[file, exchanges] as const] : [];
  });
}
export const EMPTY_POLICY = { status: 200, body: { version: 1, etag: 'abcdef0123A=' } };
export const pathOf = (url: string): string => decodeURIComponent(new URL(url, 'http://google').pathname);
