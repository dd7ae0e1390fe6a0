import { randomUUID } from 'node:crypto';
import type { ForeignHands } from '@wami/testing';

interface Thing {
  readonly id: string;
  readonly name?: string;
  readonly appId?: string;
  readonly displayName?: string;
  readonly userPrincipalName?: string;
  readonly properties?: { readonly roleName?: string; readonly type?: string };
}
interface Page {
  readonly value: readonly Thing[];
  readonly '@odata.nextLink'?: string;
  readonly nextLink?: string;
}

export const ACTIONS = ['Microsoft.Storage/storageAccounts/read', 'Microsoft.Compute/virtualMachines/read'];

/** What a stranger does to things of one kind. */
interface KindHands {
  create(name: string): Promise<unknown>;
  readonly all: string;
  nameOf(thing: Thing): string | undefined;
}

/** Somebody else, who speaks HTTP without the SDKs. */
export class AzureHands implements ForeignHands {
  private readonly kinds: Readonly<Record<string, KindHands>>;
  private readonly arm: string;

  constructor(
    private readonly at: { readonly url: string; readonly scope: string; readonly domain: string },
  ) {
    const { domain, scope } = at;
    this.arm = `${scope}/providers/Microsoft.Authorization`;
    this.kinds = {
      user: {
        create: (name) =>
          this.post('/v1.0/users', { accountEnabled: true, displayName: 'Somebody', mailNickname: 'somebody', userPrincipalName: `${name}@${domain}`, passwordProfile: { password: 'Correct-horse-9' } }),
        all: '/v1.0/users?$select=id,userPrincipalName&$top=999',
        nameOf: ({ userPrincipalName }) => userPrincipalName?.replace(`@${domain}`, ''),
      },
      group: {
        create: (displayName) => this.post('/v1.0/groups', { displayName, mailEnabled: false, mailNickname: 'somebodys', securityEnabled: true }),
        all: '/v1.0/groups?$select=id,displayName&$top=999',
        nameOf: ({ displayName }) => displayName,
      },
      'service-account': {
        create: async (displayName) => {
          const { appId } = (await this.post('/v1.0/applications', { displayName })) as Thing;
          await this.post('/v1.0/servicePrincipals', { appId });
        },
        all: '/v1.0/applications?$select=id,displayName&$top=999',
        nameOf: ({ displayName }) => displayName,
      },
      policy: {
        create: (roleName) => this.role(randomUUID(), roleName),
        all: `${this.arm}/roleDefinitions?$filter=${encodeURIComponent("type eq 'CustomRole'")}&api-version=2022-04-01`,
        nameOf: ({ properties }) => properties?.roleName,
      },
    };
  }

  async create(kind: string, name: string): Promise<void> {
    await this.of(kind).create(name);
  }

  /** Only roles are ever hindered, so only they are deleted so. */
  async deleteBarely(kind: string, name: string): Promise<void> {
    const id = await this.find(kind, name);
    await this.call('DELETE', `${this.arm}/roleDefinitions${id.slice(id.lastIndexOf('/'))}?api-version=2022-04-01`);
  }

  /** A federated credential. */
  async embed(kind: string, name: string, credential: string): Promise<void> {
    const id = await this.find(kind, name);
    await this.post(`/v1.0/applications/${id}/federatedIdentityCredentials`, { name: credential, issuer: 'https://their.example', subject: 'theirs', audiences: ['api://AzureADTokenExchange'] });
  }

  /** An assignment is all that keeps anything here from being deleted: its role. */
  async hinder(kind: string, name: string): Promise<void> {
    const { id: principalId } = (await this.post('/v1.0/groups', { displayName: `holds ${name}`, mailEnabled: false, mailNickname: 'holder', securityEnabled: true })) as Thing;
    const properties = { principalId, principalType: 'Group', roleDefinitionId: await this.find(kind, name) };
    await this.call('PUT', `${this.arm}/roleAssignments/${randomUUID()}?api-version=2022-04-01`, { properties });
  }

  async names(kind: string): Promise<readonly string[]> {
    const { nameOf } = this.of(kind);
    return (await this.all(kind)).flatMap((thing) => nameOf(thing) ?? []);
  }

  private role(guid: string, roleName: string): Promise<unknown> {
    const properties = { roleName, description: 'Somebody made it', type: 'CustomRole', permissions: [{ actions: ACTIONS }], assignableScopes: [this.at.scope] };
    return this.call('PUT', `${this.arm}/roleDefinitions/${guid}?api-version=2022-04-01`, { properties });
  }

  private async find(kind: string, name: string): Promise<string> {
    const { nameOf } = this.of(kind);
    const found = (await this.all(kind)).find((thing) => nameOf(thing) === name);
    if (found === undefined) throw new Error(`${name} is not there`);
    return found.id;
  }

  private async all(kind: string): Promise<Thing[]> {
    const things: Thing[] = [];
    for (let next: string | undefined = this.of(kind).all; next !== undefined;) {
      const page = (await this.call('GET', next)) as Page;
      things.push(...page.value);
      const link: string | undefined = page['@odata.nextLink'] ?? page.nextLink;
      next = link === undefined ? undefined : link.slice(new URL(link).origin.length);
    }
    return things;
  }

  private of(kind: string): KindHands {
    const hands = this.kinds[kind];
    if (hands === undefined) throw new Error(`no hands for ${kind}`);
    return hands;
  }

  private post(path: string, body: object): Promise<unknown> {
    return this.call('POST', path, body);
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { authorization: 'Bearer somebody', 'content-type': 'application/json' };
    const answer = await fetch(`${this.at.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
