import { randomInt } from 'node:crypto';
import type { FaultPlan } from '../faults/fault-plan';
import { Faults } from '../faults/faults';
import type { FaultControls } from '../faults/faults';
import { CallCounters } from './call-counters';
import type { CallCounts } from './call-counters';
import { forgetfulJournal, openJournal } from './journal';
import type { JournalOwner } from './journal';
import type { CallContext } from './judged-call';
import { listen } from './server';
import type { CloudProtocol } from './server';
import { Store } from './store';
import type { AccountState } from './store';

/** What every sandbox cloud can be told. */
export interface SandboxOptions {
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** 127.0.0.1. The sandbox accepts every credential: bind it where only friends are. */
  readonly host?: string;
  /** Where the account is kept across restarts and kills; absent: in memory. One sandbox at a time. */
  readonly stateFile?: string;
  readonly faults?: FaultPlan;
  /** Of the faults' luck; absent: another one each time. */
  readonly seed?: number;
  /** Milliseconds since 1970; moves times of creation and how stale reads are. */
  readonly clock?: () => number;
}

/** A running sandbox account of any cloud. */
export interface Sandbox<Snapshot> {
  readonly url: string;
  readonly port: number;
  readonly faults: FaultControls;
  /** What the cloud really holds, whatever the faults make of reads. */
  snapshot(): Snapshot;
  /** Calls of known operations that arrived since the start, refused ones included. */
  calls(): CallCounts;
  /** Changing operations that succeeded since the start: those that found nothing to change and those with a lost answer included. */
  writes(): number;
  /** Breaks all connections and frees port and file. */
  close(): Promise<void>;
}

/** What makes a sandbox one cloud's. */
export interface Cloud<State extends AccountState<Change>, Change, Snapshot> extends JournalOwner {
  /** Names of the operations that faults can be aimed at. */
  readonly operations: ReadonlySet<string>;
  emptyState(): State;
  /** The change that empties an account. */
  readonly cleared: Change;
  snapshot(state: State): Snapshot;
  protocol(context: CallContext<Store<State, Change>>): CloudProtocol;
}

/**
 * Starts an account of this cloud. An acknowledged change survives a SIGKILL when `stateFile` is given. Rejects when the port is
 * taken, the file is another account's, or a fault is described wrongly.
 */
export async function startSandbox<State extends AccountState<Change>, Change, Snapshot>(
  cloud: Cloud<State, Change, Snapshot>, options: SandboxOptions,
): Promise<Sandbox<Snapshot>> {
  const { host = '127.0.0.1', clock = Date.now } = options;
  const faults = new Faults(options.seed ?? randomInt(2 ** 32), cloud.operations, options.faults);
  const store = openStore(cloud, options.stateFile, clock, faults);
  const counters = new CallCounters();
  const snapshot = (): Snapshot => cloud.snapshot(store.truth);
  const controlled = { snapshot, clear: () => store.commit(cloud.cleared), faults, counters };
  try {
    const protocol = cloud.protocol({ account: cloud.account, store, faults, counters, clock });
    const server = await listen({ cloud: cloud.cloud, protocol, controlled }, host, options.port ?? 0);
    return {
      faults, port: server.port, url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
      snapshot, calls: () => counters.calls(), writes: () => counters.writes(),
      close: () => server.close().finally(() => store.close()),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function openStore<State extends AccountState<Change>, Change>(
  cloud: Cloud<State, Change, unknown>, file: string | undefined, clock: () => number, faults: Faults,
): Store<State, Change> {
  const { journal, changes } = file === undefined ? { journal: forgetfulJournal, changes: [] } : openJournal<Change>(file, cloud);
  const staleness = { lagMs: () => faults.get().eventualConsistencyMs, isStale: () => faults.readIsStale() };
  return new Store(() => cloud.emptyState(), journal, changes, clock, staleness);
}
