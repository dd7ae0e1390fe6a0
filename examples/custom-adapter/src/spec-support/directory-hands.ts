import type { ForeignHands } from '@wami/testing';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly groups?: readonly { readonly name: string }[];
}

const PLACES: Readonly<Record<string, string>> = { user: 'users', group: 'groups' };

/** Somebody else who works in the same directory, by its API and not by the adapter. */
export class DirectoryHands implements ForeignHands {
  private hindrances = 0;

  constructor(private readonly url: string, private readonly organization: string, private readonly token: string) {}

  async create(kind: string, name: string): Promise<void> {
    await this.call('POST', this.place(kind), { name });
  }

  async deleteBarely(kind: string, name: string): Promise<void> {
    await this.call('DELETE', `${this.place(kind)}/${await this.idOf(kind, name)}`);
  }

  /** A membership. */
  async hinder(kind: string, name: string): Promise<void> {
    const other = kind === 'user' ? 'group' : 'user';
    const otherName = `in-the-way-${++this.hindrances}`;
    await this.create(other, otherName);
    const [group, user] = kind === 'user' ? [otherName, name] : [name, otherName];
    await this.call('PUT', `/groups/${await this.idOf('group', group)}/members/${await this.idOf('user', user)}`);
  }

  async names(kind: string): Promise<readonly string[]> {
    return (await this.all(kind)).map(({ name }) => name);
  }

  async all(kind: string): Promise<readonly Entry[]> {
    const found: Entry[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { items: Entry[]; next?: string } = await this.call('GET', `${this.place(kind)}${cursor && `?cursor=${cursor}`}`);
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  }

  private async idOf(kind: string, name: string): Promise<string> {
    const found = (await this.all(kind)).find((entry) => entry.name === name);
    if (!found) throw new Error(`there is no ${kind} ${name}`);
    return found.id;
  }

  private place(kind: string): string {
    return `/${PLACES[kind] ?? kind}`;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(`${this.url}/v1/organizations/${this.organization}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
