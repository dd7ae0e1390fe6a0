import type { CallContext } from '@wami/provider-port';

/**
 * Names of users here and there. A name without @ stands for the address in the connection's own domain, which is the only form that such
 * an address has here: the domain that the account names, else the tenant's default one.
 */
export class UserNames {
  private learning: Promise<string> | undefined;

  /** `learn` asks for the default domain. */
  constructor(
    private domain: string | undefined,
    private readonly learn: (context: CallContext) => Promise<string>,
  ) {}

  /** Before any name is translated; asks once where the account does not tell the domain. */
  async ready(context: CallContext): Promise<void> {
    if (this.domain !== undefined) return;
    this.learning ??= this.learn(context);
    try {
      this.domain = await this.learning;
    } finally {
      this.learning = undefined;
    }
  }

  /** The user principal name. */
  there(name: string): string {
    return name.includes('@') ? name : `${name}@${this.domain ?? ''}`;
  }

  here(userPrincipalName: string): string {
    const at = userPrincipalName.lastIndexOf('@');
    const own = this.domain !== undefined && userPrincipalName.slice(at + 1).toLowerCase() === this.domain.toLowerCase();
    return own ? userPrincipalName.slice(0, at) : userPrincipalName;
  }

  /** Why a user cannot have this name at this connection. */
  problem(name: string): string | undefined {
    return this.here(name) === name ? undefined : `userName: leave out @${this.domain ?? ''}, which the connection adds`;
  }
}
