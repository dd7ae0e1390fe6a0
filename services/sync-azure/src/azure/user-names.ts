/** Names of users here and there. A name without @ stands for the address in the connection's own domain, which is the only form that such an address has here. */
export class UserNames {
  constructor(private readonly domain: string | undefined) {}

  /** The user principal name. */
  there(name: string): string {
    return name.includes('@') || this.domain === undefined ? name : `${name}@${this.domain}`;
  }

  here(userPrincipalName: string): string {
    const at = userPrincipalName.lastIndexOf('@');
    const own = this.domain !== undefined && userPrincipalName.slice(at + 1).toLowerCase() === this.domain.toLowerCase();
    return own ? userPrincipalName.slice(0, at) : userPrincipalName;
  }

  /** Why a user cannot have this name at this connection. */
  problem(name: string): string | undefined {
    if (!name.includes('@')) {
      return this.domain === undefined
        ? "userName: an address with a domain is needed: give the connection the tenant's domain for its account, or a `naming` such as {name}@example.com"
        : undefined;
    }
    return this.here(name) === name ? undefined : `userName: leave out @${this.domain ?? ''}, which the connection adds`;
  }
}
