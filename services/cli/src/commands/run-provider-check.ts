import { SYNC_ERROR_HELP, type JobView, type ProviderTargetView, type SyncState, type CheckOutcome } from '@wami/contracts';
import { STRONG, type Client } from '../api/client';
import { eachLimited } from '../api/each-limited';
import { CliError, EXIT } from '../exit-codes';
import { printRows, type Column } from '../output/format';
import { askJob, type JobFlags } from './ask-job';
import type { Context } from './context';
import { endsOf, heldOf, nameOf, NO_TARGETS, sentenceOf, targetsNamed } from './provider-targets';

export interface CheckFlags extends JobFlags { readonly exitCode?: boolean }
type Check = NonNullable<JobView['checks']>[number];

/** `no-answer` where its sync service did not answer in time. */
type Outcome = CheckOutcome | 'no-answer';

/** What a check came to: who we are there, and what was not allowed there since. */
interface Checked extends Pick<ProviderTargetView, 'provider' | 'account' | 'health' | 'reason' | 'credentials' | 'capabilities'> {
  readonly outcome: Outcome;
  /** What failed for want of a permission, in the provider's words; of each message one. */
  readonly denied: readonly string[];
  /** Not all that failed was looked through. */
  readonly deniedMayBeMore: boolean;
}

/** What failed is looked through so far. */
const MOST_FAILED = 1_000;
/** Messages of one target on stderr. */
const MOST_SHOWN = 5;
/** The API takes so many at once. */
const MOST_AT_ONCE = 100;

const COLUMNS: readonly Column<Checked>[] = [
  { title: 'TARGET', value: nameOf }, { title: 'CHECK', value: ({ outcome }) => `${outcome === 'ok' ? '✓' : '✗'} ${outcome}` }, { title: 'SIGNS IN AS', value: ({ credentials }) => credentials?.principal ?? '' },
  { title: 'CREDENTIALS END', value: endsOf }, { title: 'DENIED', value: ({ denied, deniedMayBeMore }) => `${denied.length}${deniedMayBeMore ? ' or more' : ''}` }, { title: 'HOLDS', value: heldOf },
];

/** What `wami provider check` does. */
export async function check(context: Context, name: string | undefined, flags: CheckFlags): Promise<void> {
  const { client, format } = context;
  const before = await targetsNamed(client, name);
  if (before.length === 0) process.stderr.write(`${NO_TARGETS}\n`);
  const { checks, late } = await answersOf(context, before, flags);
  if (checks.length === 0 && !late) return;
  const after = new Map((await targetsNamed(client, name)).map((target) => [nameOf(target), target]));
  const told = await eachLimited(before, 8, (target) => checkedOf(client, after.get(nameOf(target)) ?? target, checks.find((one) => nameOf(one) === nameOf(target))?.outcome ?? (late ? 'no-answer' : 'not-connected')));
  printRows(told, COLUMNS, format, nameOf);
  for (const one of told) for (const line of linesOf(one)) process.stderr.write(`${line}\n`);
  if (late) throw late;
  if (told.some(({ outcome }) => outcome !== 'ok')) process.exitCode = EXIT.failed;
  else if (flags.exitCode && told.some((one) => linesOf(one).length > 0)) process.exitCode = EXIT.differences;
}

interface Answers {
  readonly checks: readonly Check[];
  /** Where the time was up before everyone answered. */
  readonly late?: CliError | undefined;
}

async function answersOf(context: Context, targets: readonly ProviderTargetView[], flags: CheckFlags): Promise<Answers> {
  const { tenant } = context.client.settings;
  const checks: Check[] = [];
  let late: CliError | undefined;
  const take = (job: JobView | undefined): void => void checks.push(...job?.checks ?? []);
  for (let first = 0; first < targets.length; first += MOST_AT_ONCE) {
    const body = { targets: targets.slice(first, first + MOST_AT_ONCE).map(placeOf), ...(tenant === undefined ? {} : { tenant }) };
    try {
      take(await askJob(context, '/v1/sync/check', body, flags, (job) => {
        take(job);
        return 'a target has not answered';
      }));
    } catch (error) {
      if (!(error instanceof CliError && error.exitCode === EXIT.waitRanOut)) throw error;
      late ??= error;
    }
  }
  return { checks, late };
}

const placeOf = ({ provider, account }: ProviderTargetView): Pick<ProviderTargetView, 'provider' | 'account'> => ({ provider, account });

async function checkedOf(client: Client, target: ProviderTargetView, outcome: Outcome): Promise<Checked> {
  const { provider, account, health, reason, credentials, capabilities } = target;
  const query = { tenant: client.settings.tenant, provider, account, state: 'Failed', limit: MOST_FAILED };
  const { body: { items, nextCursor } } = await client.call<{ items: SyncState[]; nextCursor?: string }>('GET', '/v1/sync-states', { query, headers: STRONG });
  const denied = new Set(items.flatMap((state) => (state.state === 'Failed' && state.error.code === 'AccessDenied' ? [state.error.message] : [])));
  return { provider, account, outcome, health, ...(reason === undefined ? {} : { reason }), ...(credentials ? { credentials } : {}), denied: [...denied], deniedMayBeMore: nextCursor !== undefined, capabilities };
}

/** What somebody should look at; nothing where nobody need. */
function linesOf(one: Checked): string[] {
  const { outcome, reason, denied } = one;
  if (outcome === 'not-connected') return [`✗ ${nameOf(one)} not-connected: ${reason ?? 'no connection can be used'}`];
  if (outcome === 'no-answer') return [`✗ ${nameOf(one)} no-answer: its sync service did not answer in time`];
  const { meaning, remedy } = outcome === 'ok' ? SYNC_ERROR_HELP.AccessDenied : SYNC_ERROR_HELP[outcome];
  const said = outcome === 'ok' ? sentenceOf(one) : `✗ ${nameOf(one)} ${outcome}: ${outcome === 'AuthExpired' && reason !== undefined ? reason : meaning}`;
  const shown = denied.slice(0, MOST_SHOWN).map((message) => `✗ ${nameOf(one)} denied: ${message}`);
  const rest = denied.length > MOST_SHOWN ? [`  and ${denied.length - MOST_SHOWN} more: see \`wami provider check ${nameOf(one)} -o json\``] : [];
  return [...(said === undefined ? [] : [said]), ...(outcome === 'ok' ? [] : [`  → ${remedy}`]), ...shown, ...rest, ...(outcome === 'ok' && denied.length > 0 ? [`  → ${remedy}`] : [])];
}
