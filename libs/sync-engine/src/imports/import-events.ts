import type { ImportableKind, NewEventOf, importFound, importListed } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import type { ImportRow } from './import-table';
import type { Judged } from './judge-things';

type Found = NewEventOf<typeof importFound>;
type Listed = NewEventOf<typeof importListed>;
type Unmanaged = Extract<Judged, { is: 'unmanaged' }>;

/** An event stays well below what the log takes for one. */
const MOST = { things: 25, bytes: 32_768 };

function envelope(provider: string, { job, account, tenant, subject }: ImportRow): Pick<Found, 'stream' | 'key' | 'tenant' | 'subject'> {
  return { stream: `${provider}/${account}/${job}`, key: job, tenant, subject };
}

/** What was found, in events of bounded size, each with the number of its chunk. */
export function foundEvents(provider: string, row: ImportRow, kind: ImportableKind, found: readonly Unmanaged[]): Found[] {
  const { job, account } = row;
  return chunksOf(found).map((chunk, i) => ({
    type: 'wami.sync.import-found.v1', ...envelope(provider, row),
    data: { job, provider, account, kind, chunk: row.chunks + i + 1, items: chunk.map(({ item, obstacle }) => ({ item, ...(obstacle === undefined ? {} : { obstacle }) })) },
    personal: { things: Object.fromEntries(chunk.map(({ item, thing }) => [item, thing])) },
  }));
}

function chunksOf(found: readonly Unmanaged[]): Unmanaged[][] {
  const chunks: Unmanaged[][] = [];
  let bytes = 0;
  for (const one of found) {
    const size = Buffer.byteLength(JSON.stringify(one));
    const last = chunks.at(-1);
    if (last && last.length < MOST.things && bytes + size <= MOST.bytes) last.push(one);
    else chunks.push([one]);
    bytes = chunks.at(-1) === last ? bytes + size : size;
  }
  return chunks;
}

export function listedEvent(provider: string, row: ImportRow): Listed {
  const { job, account, seen, managed, found, problems } = row;
  return {
    type: 'wami.sync.import-listed.v1', ...envelope(provider, row),
    data: { job, provider, account, seen, managed, found, problems: problems.map(({ kind, code }) => ({ kind, code })) },
    personal: { messages: Object.fromEntries(problems.map(({ kind, message }) => [kind, message])) },
  };
}

export function importAppend(provider: string, row: ImportRow, events: Append['events']): Append {
  return { stream: `${provider}/${row.account}/${row.job}`, tenant: row.tenant, expectedVersion: row.streamVersion, events, meta: row.cause };
}
