import { InvalidArgumentError, Option, type Command } from 'commander';
import { CliError, EXIT } from '../exit-codes';
import { printOne, printRows, type Column, type Format } from '../output/format';
import { findRunningStart } from '../settings/running-start';

interface Faults {
  readonly throttle: number;
  readonly errors: number;
  readonly lostAnswers: number;
  readonly latencyMs: readonly [number, number];
  readonly eventualConsistencyMs: number;
  readonly credentials: 'accepted' | 'rejected';
}
interface Calls {
  readonly calls: Readonly<Record<string, number>>;
  readonly writes: number;
  /** How often each kind of fault happened. */
  readonly faults: Readonly<Record<string, number>>;
}
interface SandboxRow {
  readonly target: string;
  readonly address: string;
  readonly standing: Faults;
  readonly calls: number;
  readonly writes: number;
  readonly happened: Readonly<Record<string, number>>;
}
interface FaultFlags {
  readonly throttle?: number;
  readonly errors?: number;
  readonly lostAnswers?: number;
  readonly latency?: readonly [number, number];
  readonly stale?: number;
  readonly credentials?: Faults['credentials'];
}

const EXAMPLES = `
Examples:
  wami sandbox fault aws --throttle 0.3              three of ten calls are told to slow down
  wami sandbox fault aws --errors 0.1 --latency 50-200   one of ten fails, each waits 50 to 200 ms
  wami sandbox fault aws --lost-answers 0.2          work is done and the answer is lost
  wami sandbox fault aws --stale 5000                reads answer as of five seconds ago
  wami sandbox fault aws --credentials rejected      our credentials are good no longer
  wami sandbox status                                what goes wrong where, and how often it did
  wami sandbox heal aws                              everything goes well again

What is not named stays as it is. No real cloud is touched: these are the local ones of a running \`npm start\`.`;

const COLUMNS: readonly Column<SandboxRow>[] = [
  { title: 'SANDBOX', value: ({ target }) => target }, { title: 'ADDRESS', value: ({ address }) => address }, { title: 'FAULTS', value: ({ standing }) => standingText(standing) },
  { title: 'CALLS', value: ({ calls }) => String(calls) }, { title: 'WRITES', value: ({ writes }) => String(writes) },
  { title: 'HAPPENED', value: ({ happened }) => Object.entries(happened).map(([kind, times]) => `${kind} ${times}`).join(', ') || '-' },
];
const PROVIDER = 'aws, gcp or azure';
const nameOf = ({ target }: SandboxRow): string => `sandbox/${target}`;

export function addSandboxCommands(program: Command): void {
  const sandbox = program.command('sandbox').description('the local sandbox clouds of a running npm start, and breaking them on purpose');
  sandbox.command('status').description('where they are, what goes wrong there, how often they were called').action(async (_flags: object, command: Command) => {
    printRows(await Promise.all(Object.entries(runningSandboxes()).map(([target, address]) => rowOf(target, address))), COLUMNS, formatOf(command), nameOf);
  });
  sandbox.command('fault').argument('<provider>', PROVIDER).description('make calls of a sandbox cloud go wrong')
    .option('--throttle <rate>', 'share of calls that are told to slow down, 0 to 1', parseRate).option('--errors <rate>', 'share of calls that fail at the service', parseRate)
    .option('--lost-answers <rate>', 'share of calls that are carried out and whose answer is lost', parseRate)
    .option('--latency <ms>', 'how long each call waits, as 50 or 50-200', parseLatency).option('--stale <ms>', 'reads answer as of so long ago', parseMs)
    .addOption(new Option('--credentials <how>', 'whether the cloud takes our credentials').choices(['accepted', 'rejected']))
    .addHelpText('after', EXAMPLES)
    .action((provider: string, flags: FaultFlags, command: Command) =>
      change(provider, command, { method: 'PATCH', body: JSON.stringify(planOf(flags)), headers: { 'content-type': 'application/json' } }));
  sandbox.command('heal').argument('<provider>', PROVIDER).description('let everything go well again at a sandbox cloud')
    .action((provider: string, _flags: object, command: Command) => change(provider, command, { method: 'DELETE' }));
}

async function change(provider: string, command: Command, faults: RequestInit): Promise<void> {
  const [target, address] = sandboxOf(provider);
  await control(address, 'faults', faults);
  printOne(await rowOf(target, address), COLUMNS, formatOf(command), nameOf);
}

const formatOf = (command: Command): Format => command.optsWithGlobals<{ output: Format }>().output;

function runningSandboxes(): Readonly<Record<string, string>> {
  const sandboxes = findRunningStart(process.cwd(), process.env)?.sandboxes ?? {};
  if (Object.keys(sandboxes).length > 0) return sandboxes;
  throw new CliError(EXIT.notFound, 'No sandbox clouds are running.', 'They are part of `npm start` in this folder (or name its WAMI_DATA_DIR), unless it was given connections of its own.');
}

function sandboxOf(provider: string): readonly [string, string] {
  const sandboxes = runningSandboxes();
  const found = Object.entries(sandboxes).filter(([target]) => target === provider || target.startsWith(`${provider}/`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = Object.keys(sandboxes).join(', ');
  if (only === undefined) throw new CliError(EXIT.notFound, `There is no sandbox of ${provider}.`, `Running: ${known}`);
  throw new CliError(EXIT.usage, `${provider} has ${found.length} sandboxes.`, `Name one: ${found.map(([target]) => target).join(', ')}`);
}

function planOf({ throttle, errors, lostAnswers, latency, stale, credentials }: FaultFlags): Partial<Faults> {
  const plan = { throttle, errors, lostAnswers, latencyMs: latency, eventualConsistencyMs: stale, credentials };
  const named = Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined));
  if (Object.keys(named).length === 0) throw new CliError(EXIT.usage, 'Nothing was said to go wrong.', 'Name a fault such as --throttle 0.3; `wami sandbox heal` ends all of them.');
  return named;
}

async function rowOf(target: string, address: string): Promise<SandboxRow> {
  const [standing, { calls, writes, faults }] = [await control<Faults>(address, 'faults'), await control<Calls>(address, 'calls')];
  return { target, address, standing, calls: Object.values(calls).reduce((sum, count) => sum + count, 0), writes, happened: faults };
}

async function control<T>(address: string, what: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`${address}/_sandbox/${what}`, init).catch(() => undefined);
  if (answer === undefined) throw new CliError(EXIT.failed, `The sandbox at ${address} does not answer.`);
  const body = (await answer.json()) as T & { readonly error?: string };
  if (answer.ok) return body;
  throw new CliError(EXIT.usage, `The sandbox refused: ${body.error ?? answer.status}.`);
}

function standingText({ throttle, errors, lostAnswers, latencyMs: [least, most], eventualConsistencyMs, credentials }: Faults): string {
  const parts = [
    throttle > 0 ? `throttle ${throttle}` : '', errors > 0 ? `errors ${errors}` : '', lostAnswers > 0 ? `lost answers ${lostAnswers}` : '',
    most > 0 ? `latency ${least}-${most} ms` : '', eventualConsistencyMs > 0 ? `stale ${eventualConsistencyMs} ms` : '',
    credentials === 'rejected' ? 'credentials rejected' : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'none';
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (text.trim() === '' || !(rate >= 0 && rate <= 1)) throw new InvalidArgumentError('write a share from 0 to 1, such as 0.3');
  return rate;
}

function parseMs(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('write milliseconds, such as 5000');
  return Number(text);
}

function parseLatency(text: string): readonly [number, number] {
  const [, least = '', most = least] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (least === '' || Number(least) > Number(most)) throw new InvalidArgumentError('write milliseconds, such as 50 or 50-200');
  return [Number(least), Number(most)];
}
