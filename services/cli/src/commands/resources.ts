import type { SyncStateName, WamiCloudEvent } from '@wami/contracts';
import type { Command } from 'commander';
import { STRONG } from '../api/client';
import { KINDS, type CliKind } from '../api/kinds';
import { resolveReference, type Page, type ResourceRow } from '../api/references';
import { printRows, type Column } from '../output/format';
import { stateWord } from '../output/sync-states';
import { ago } from '../output/time';
import { contextOf, parseCount } from './context';

const COLUMNS: readonly Column<ResourceRow>[] = [
  { title: 'NAME', value: ({ name }) => name }, { title: 'TENANT', value: ({ tenant }) => tenant },
  { title: 'SYNC', value: ({ worstState }) => (worstState === undefined ? '' : stateWord(worstState as SyncStateName)) },
  { title: 'CHANGED', value: ({ updatedAt }) => ago(updatedAt) }, { title: 'ID', value: ({ id }) => id },
];

/** `list`: every page, or the first `--limit` rows. */
export function addList(parent: Command, kind: CliKind): void {
  const { many } = KINDS[kind];
  parent.command('list').option('-q, --query <text>', 'begins the name').option('--limit <n>', 'at most so many', parseCount).description(`list ${many}`)
    .action(async (flags: { query?: string; limit?: number }, command: Command) => {
      const { client, format } = contextOf(command);
      const rows: ResourceRow[] = [];
      const wanted = flags.limit ?? Number.POSITIVE_INFINITY;
      for (let cursor: string | undefined; rows.length < wanted;) {
        const query = { kind, q: flags.query, tenant: client.settings.tenant, cursor, limit: Math.min(1000, wanted - rows.length) };
        const { body } = await client.call<Page<ResourceRow>>('GET', '/v1/resources', { query, headers: STRONG });
        rows.push(...body.items);
        cursor = body.nextCursor;
        if (cursor === undefined) break;
      }
      if (rows.length === 0 && format === 'table') process.stderr.write(`No ${many}. See \`wami ${kind} create --help\`.\n`);
      printRows(rows, COLUMNS, format, ({ id }) => `${kind}/${id}`);
    });
}

const HISTORY: readonly Column<WamiCloudEvent>[] = [
  { title: 'TIME', value: ({ time }) => time }, { title: 'EVENT', value: ({ type }) => type }, { title: 'BY', value: ({ actor }) => actor },
  { title: 'VERSION', value: ({ streamversion }) => String(streamversion) },
];

/** `history`: intent and outcome, oldest first. */
export function addHistory(parent: Command, kind: CliKind): void {
  parent.command('history').argument(`<${kind}>`, 'name or id').description('everything that happened to it, intent and outcome')
    .action(async (ref: string, _flags: object, command: Command) => {
      const { client, format } = contextOf(command);
      const id = await resolveReference(client, kind, ref);
      const events: WamiCloudEvent[] = [];
      for (let cursor: string | undefined; ;) {
        const { body } = await client.call<Page<WamiCloudEvent>>('GET', `/v1/resources/${id}/history`, { query: { cursor, limit: 1000 }, headers: STRONG });
        events.push(...body.items);
        cursor = body.nextCursor;
        if (cursor === undefined) break;
      }
      printRows(events, HISTORY, format, ({ id: event }) => event);
    });
}
