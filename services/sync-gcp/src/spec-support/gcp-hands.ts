import type { ForeignHands } from '@wami/testing';

export const PERMISSIONS = ['iam.roles.get', 'iam.roles.list'];

interface Page {
  readonly accounts?: readonly { readonly email: string }[];
  readonly roles?: readonly { readonly name: string; readonly deleted?: boolean }[];
  readonly nextPageToken?: string;
}
export interface Binding {
  readonly role: string;
  readonly members: string[];
  readonly condition?: Readonly<Record<string, string>>;
}

/** Somebody else who speaks REST to a project of Google Cloud. */
export class GcpHands implements ForeignHands {
  constructor(
    private readonly at: { readonly iam: string; readonly resourceManager: string; readonly project: string; readonly token: string },
  ) {}

  async create(kind: string, name: string): Promise<void> {
    const isAccount = kind === 'service-account';
    const body = isAccount
      ? { accountId: name, serviceAccount: { displayName: 'Somebody' } }
      : { roleId: name, role: { title: 'Somebody', stage: 'GA', includedPermissions: PERMISSIONS } };
    await this.iam('POST', isAccount ? 'serviceAccounts' : 'roles', body);
  }

  async deleteBarely(kind: string, name: string): Promise<void> {
    await this.iam('DELETE', kind === 'service-account' ? `serviceAccounts/${this.emailOf(name)}` : `roles/${name}`);
  }

  hinder(kind: string): Promise<void> {
    return Promise.reject(new Error(`nothing keeps Google from deleting a ${kind}`));
  }

  async names(kind: string): Promise<readonly string[]> {
    const all: string[] = [];
    for (let token = '', first = true; first || token !== ''; first = false) {
      const list = `${kind === 'service-account' ? 'serviceAccounts' : 'roles'}?pageSize=100${token === '' ? '' : `&pageToken=${token}`}`;
      const { accounts = [], roles = [], nextPageToken = '' } = (await this.iam('GET', list)) as Page;
      all.push(...accounts.map(({ email }) => email.slice(0, email.indexOf('@'))));
      all.push(...roles.filter(({ deleted }) => deleted !== true).map(({ name }) => name.slice(name.lastIndexOf('/') + 1)));
      token = nextPageToken;
    }
    return all;
  }

  emailOf(name: string): string {
    return `${name}@${this.at.project}.iam.gserviceaccount.com`;
  }

  async bindings(): Promise<readonly Binding[]> {
    return (await this.policy()).bindings ?? [];
  }

  /** Adds these bindings to what stands there. */
  async bind(...added: readonly Binding[]): Promise<void> {
    const policy = await this.policy();
    await this.resourceManager('setIamPolicy', { policy: { ...policy, version: 3, bindings: [...(policy.bindings ?? []), ...added] } });
  }

  private async policy(): Promise<{ readonly bindings?: readonly Binding[]; readonly etag?: string }> {
    return (await this.resourceManager('getIamPolicy', { options: { requestedPolicyVersion: 3 } })) as { readonly bindings?: readonly Binding[]; readonly etag?: string };
  }

  private iam(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.call(method, `${this.at.iam}/v1/projects/${this.at.project}/${path}`, body);
  }

  private resourceManager(verb: string, body: unknown): Promise<unknown> {
    return this.call('POST', `${this.at.resourceManager}/v3/projects/${this.at.project}:${verb}`, body);
  }

  private async call(method: string, url: string, body?: unknown): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.at.token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
}
