import { startSandboxAws, type FaultPlan, type SandboxAws } from '@wami/sandbox';

const KEYS = { BENCH_ACCESS_KEY_ID: 'AKIABENCH00000000000', BENCH_SECRET_ACCESS_KEY: 'bench' };
/** What the services must have in their environment. */
export const ACCOUNT_KEYS: Readonly<Record<string, string>> = KEYS;

const FIRST = 900_000_000_000;
/** The number of one of many accounts, counted from 0. */
export const accountAt = (index: number): string => String(FIRST + index);
export const FIRST_ACCOUNT = FIRST;

export const openAt = (index: number): readonly object[] => [{ provider: 'aws', account: accountAt(index) }];

/** `stateFile`: where an account keeps what it holds. */
export function startAccounts(count: number, faults: FaultPlan = {}, stateFile?: (account: string) => string): Promise<SandboxAws[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => {
    const account = accountAt(index);
    return startSandboxAws({ account, faults, ...(stateFile ? { stateFile: stateFile(account) } : {}) });
  }));
}

/** A connections file; JSON is YAML. */
export function connectionsTo(sandboxes: readonly SandboxAws[]): string {
  return JSON.stringify({
    connections: sandboxes.map(({ account, url }) => ({
      provider: 'aws', account, endpoint: url, credentials: { type: 'static', accessKeyId: 'env:BENCH_ACCESS_KEY_ID', secretAccessKey: 'env:BENCH_SECRET_ACCESS_KEY' },
    })),
  });
}
