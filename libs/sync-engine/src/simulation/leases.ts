import type { ScheduledPostgres } from '@wami/testing';
import type { TargetAccount } from './target-account';

/** Tells those who judge an account who has its lease, by what the database answers. */
export function watchLeases(postgres: ScheduledPostgres, accounts: readonly TargetAccount[]): void {
  const holders = new Map<string, string>();
  postgres.answered = (owner, text, { rowCount, rows }) => {
    if (text.includes('SET owner = $1, epoch = epoch + 1')) for (const { account } of rows as { account: string }[]) holders.set(account, owner);
    if (text.includes('SET owner = NULL') && rowCount) for (const [account, holder] of holders) if (holder === owner) holders.delete(account);
  };
  for (const { account, oracles } of accounts) oracles.leaseholder = () => holders.get(account);
}
