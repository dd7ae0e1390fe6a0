import { randomInt } from 'node:crypto';
import type { FaultPlan } from '../faults/fault-plan';
import { Faults } from '../faults/faults';
import type { FaultControls } from '../faults/faults';
import { CallCounters } from './call-counters';
import type { CallCounts } from './call-counters';
import { IamStore } from './iam-store';
import { forgetfulJournal, openJournal } from './journal';
import { OPERATION_NAMES } from './operations/all-operations';
import { listen } from './server';
import { snapshotOf } from './snapshot';
import type { AwsSnapshot } from './snapshot';

export const DEFAULT_ACCOUNT = '000000000001';

export interface SandboxAwsOptions {
  /** Twelve digits; 000000000001. */
  readonly account?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** 127.0.0.1. The sandbox accepts every access key: bind it where only friends are. */
  readonly host?: string;
  /** Where the account is kept across restarts and kills; absent: in memory. One sandbox at a time. */
  readonly stateFile?: string;
  readonly faults?: FaultPlan;
  /** Of the faults' luck; absent: another one each time. */
  readonly seed?: number;
  /** Milliseconds since 1970; moves CreateDate and how stale reads are. */
  readonly clock?: () => number;
}

/** A running sandbox account. */
export interface SandboxAws {
  /** Endpoint for IAM and STS clients, any region, any credentials. */
  readonly url: string;
  readonly port: number;
  readonly account: string;
  readonly faults: FaultControls;
  /** What the cloud really holds, whatever the faults make of reads. */
  snapshot(): AwsSnapshot;
  /** Calls of known operations that arrived since the start, refused ones included. */
  calls(): CallCounts;
  /** Changing operations that succeeded since the start: those that found nothing to change and those with a lost answer included. */
  writes(): number;
  /** Breaks all connections and frees port and file. */
  close(): Promise<void>;
}

/**
 * Starts an AWS account that speaks IAM (2010-05-08) and STS (2011-06-15) over HTTP. An acknowledged change survives a SIGKILL
 * when `stateFile` is given. Rejects when the port is taken, the file is another account's, or a fault is described wrongly.
 */
export async function startSandboxAws(options: SandboxAwsOptions = {}): Promise<SandboxAws> {
  const { account = DEFAULT_ACCOUNT, host = '127.0.0.1', clock = Date.now } = options;
  if (!/^\d{12}$/.test(account)) throw new Error(`an AWS account has twelve digits, not '${account}'`);
  const faults = new Faults(options.seed ?? randomInt(2 ** 32), OPERATION_NAMES, options.faults);
  const store = openStore(options.stateFile, account, clock, () => faults.get().eventualConsistencyMs);
  const counters = new CallCounters();
  try {
    const server = await listen({ account, store, faults, counters, clock }, host, options.port ?? 0);
    return {
      account, faults, port: server.port, url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
      snapshot: () => snapshotOf(store.truth, account), calls: () => counters.calls(), writes: () => counters.writes(),
      close: () => server.close().finally(() => store.close()),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function openStore(file: string | undefined, account: string, clock: () => number, lagMs: () => number): IamStore {
  const { journal, changes } = file === undefined ? { journal: forgetfulJournal, changes: [] } : openJournal(file, account);
  return new IamStore(journal, changes, clock, lagMs);
}
