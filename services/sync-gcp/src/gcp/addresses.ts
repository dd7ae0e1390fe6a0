/** Characters before the @, and of the name in all (Name guidelines for users and groups). */
const MOST = 64;
const RESERVED: readonly string[] = ['abuse', 'postmaster'];

/**
 * Names in the directory here, addresses there. A name without @ stands for the address in the connection's own domain, which is the only form that such an
 * address has here. Google knows small letters alone: capitals stand in the name that the thing shows, and nowhere else.
 */
export class Addresses {
  constructor(private readonly domain: string) {}

  there(name: string): string {
    return (name.includes('@') ? name : `${name}@${this.domain}`).toLowerCase();
  }

  /** `shown`: by what name Google shows the thing. */
  here(address: string, shown: string | null | undefined): string {
    const name = this.domainOf(address) === this.domain ? address.slice(0, address.lastIndexOf('@')) : address;
    return shown?.toLowerCase() === name ? shown : name;
  }

  /** Why nothing can have this name in the directory. */
  problem(field: string, name: string): string | undefined {
    const address = this.there(name);
    const local = address.slice(0, address.lastIndexOf('@'));
    if (name.includes('@') && this.domainOf(address) === this.domain) return `${field}: leave out @${this.domain}, which the connection adds`;
    if (local.length > MOST) return `${field}: ${local.length} characters, Google allows ${MOST} in an address before the @`;
    if (!/^[a-z0-9_'.-]+$/.test(local)) return `${field}: in an address Google allows letters without accents, digits and - _ ' .`;
    if (/^\.|\.\.|\.$/.test(local)) return `${field}: Google allows no period at either end of an address, and no two in a row`;
    return RESERVED.includes(local) ? `${field}: Google keeps ${local} for itself` : undefined;
  }

  private domainOf(address: string): string {
    return address.slice(address.lastIndexOf('@') + 1);
  }
}
