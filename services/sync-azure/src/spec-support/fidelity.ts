import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fidelityFolder } from '@wami/testing';

/** Recordings of the real services and their vendors' descriptions: data beside the checkout, no part of it. */
export const FIDELITY = fidelityFolder('Azure: requests and answers by the vendor and by recordings of Microsoft Graph and Azure RBAC');

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly responseBody?: unknown;
}

interface Recording {
  readonly source: { readonly provenance: string };
  readonly exchanges: readonly Exchange[];
}

/** The exchanges of one recording. @throws Error where it was not made at the real service: only those judge answers. */
export function recording(name: string): readonly Exchange[] {
  const { source, exchanges } = readJson(`${name}.json`) as Recording;
  if (source.provenance !== 'live') throw new Error(`${name} is no recording of the real service`);
  return exchanges;
}

/** The first exchange with this method, of this status, whose address holds this. */
export function exchange(name: string, method: string, status: number, inUrl: string): Exchange {
  const found = recording(name).find((one) => one.method === method && one.status === status && decodeURIComponent(one.url).includes(inUrl));
  if (found === undefined) throw new Error(`${name} has no ${method} ${inUrl} with ${status}`);
  return found;
}

/** What was told of in public where no recording holds it. */
export function reported(operation: string): Pick<Exchange, 'status' | 'responseBody'> {
  const { errors } = readJson('reported-errors.json') as { readonly errors: readonly { readonly operation: string; readonly status: number; readonly body: unknown }[] };
  const found = errors.find((one) => one.operation.startsWith(operation));
  if (found === undefined) throw new Error(`nothing is reported of ${operation}`);
  return { status: found.status, responseBody: found.body };
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(FIDELITY ?? '', file), 'utf8'));
}
