import type { SyncReason } from '@wami/contracts';
import { allowsTenant, isProviderError, type Connection, type ConnectionSource, type KindCapability, type ProviderAdapter, type ProviderTarget } from '@wami/provider-port';
import type { NoConnection } from '../reconcile/open';
import type { Scene } from '../reconcile/pass';

interface Open {
  readonly key: string;
  readonly connection: Connection;
  readonly target?: ProviderTarget;
  /** Why the adapter cannot use it. */
  readonly problem?: string;
}

/** The connections of one provider as they are now, each opened once. */
export class ConnectionBook {
  private readonly open = new Map<string, Open>();

  /** `retire` takes targets that are no longer used; calls may still be in flight on them. */
  constructor(
    private readonly adapter: ProviderAdapter, private readonly source: ConnectionSource, private readonly instance: string,
    private readonly retire: (target: ProviderTarget) => void,
  ) {
    this.refresh();
  }

  /** Takes over what changed; gives the accounts that it concerns. */
  refresh(): string[] {
    const wanted = new Map(this.source.current().filter(({ provider }) => provider === this.adapter.provider).map((one) => [one.account, one]));
    const changed: string[] = [];
    for (const [account, { key, target }] of this.open) {
      const now = wanted.get(account);
      if (now && JSON.stringify(now) === key) continue;
      changed.push(account);
      this.open.delete(account);
      if (target) this.retire(target);
    }
    for (const [account, connection] of wanted) {
      if (this.open.has(account)) continue;
      if (!changed.includes(account)) changed.push(account);
      this.open.set(account, { key: JSON.stringify(connection), connection, ...this.connect(connection) });
    }
    return changed;
  }

  connection(account: string): Connection | undefined {
    return this.open.get(account)?.connection;
  }

  /** Those that there is a connection for. */
  accounts(): string[] {
    return [...this.open.keys()];
  }

  /** Why nobody can use the account; undefined where somebody may. */
  problem(account: string): SyncReason | undefined {
    const found = this.open.get(account);
    return found?.target ? undefined : this.closed(account, found);
  }

  target(account: string): ProviderTarget | undefined {
    return this.open.get(account)?.target;
  }

  /** What an account can hold, kind by kind. */
  capabilities(account: string): readonly KindCapability[] {
    return this.open.get(account)?.target?.capabilities ?? this.adapter.capabilities;
  }

  /** What a tenant may use at an account, or which connection is missing. */
  sceneFor(account: string, tenant: string): Scene | NoConnection {
    const found = this.open.get(account);
    const name = `${this.adapter.provider}/${account}`;
    if (found && !allowsTenant(found.connection, tenant)) return { missing: `the connection for ${name} does not allow tenant ${tenant}` };
    if (!found?.target) return { missing: this.closed(account, found) };
    return { instance: this.instance, capabilities: this.capabilities(account), connection: found.connection, target: found.target };
  }

  async close(): Promise<void> {
    const targets = [...this.open.values()].flatMap(({ target }) => target ?? []);
    this.open.clear();
    await Promise.all(targets.map((target) => target.close()));
  }

  private closed(account: string, found: Open | undefined): SyncReason {
    const name = `${this.adapter.provider}/${account}`;
    return found ? `the connection for ${name} cannot be used: ${found.problem ?? 'unknown'}` : `there is no connection for ${name}`;
  }

  private connect(connection: Connection): Pick<Open, 'target' | 'problem'> {
    try {
      return { target: this.adapter.connect(connection) };
    } catch (error) {
      if (isProviderError(error)) return { problem: error.message };
      throw error;
    }
  }
}
