import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface PolicyThere {
  readonly policyName: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly string[];
  readonly defaultVersion: string;
  readonly document: string;
}
interface RoleThere {
  readonly roleName: string;
  readonly arn: string;
  readonly maxSessionDuration: number;
  readonly description: string;
  readonly trustPolicy: string;
  readonly policies: readonly string[];
  readonly boundary?: string;
  readonly inlinePolicies: Readonly<Record<string, string>>;
}
interface UserThere {
  readonly userName: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly hasLoginProfile: boolean;
  readonly mfaDevices: readonly string[];
  readonly accessKeys: readonly string[];
  readonly groups: readonly string[];
  readonly policies: readonly string[];
  readonly boundary?: string;
  readonly inlinePolicies: Readonly<Record<string, string>>;
}
interface GroupThere {
  readonly arn: string;
  readonly policies: readonly string[];
  readonly inlinePolicies: Readonly<Record<string, string>>;
}
interface ProviderThere {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly trusts: { readonly clientIds?: readonly string[]; readonly thumbprints?: readonly string[]; readonly metadata?: string };
}
interface State {
  readonly users: readonly UserThere[];
  readonly groups: readonly GroupThere[];
  readonly policies: readonly PolicyThere[];
  readonly roles: readonly RoleThere[];
  readonly identityProviders: readonly ProviderThere[];
}

const ACCOUNT = '000000000001';
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=AKIASANDBOXSANDBOX22/20300101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;

/** The sandbox cloud of an `npm start`, at the address that it left for others to find: what it holds, and somebody else's calls of it. */
export class SandboxAws {
  private readonly url: string;

  constructor(dataDir: string) {
    const { sandboxes } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { sandboxes: Record<string, string> };
    this.url = sandboxes[`aws/${ACCOUNT}`] ?? '';
  }

  state(): Promise<State> {
    return this.told<State>('state');
  }

  /** Changing operations that succeeded so far. */
  async writes(): Promise<number> {
    return (await this.told<{ writes: number }>('calls')).writes;
  }

  /** Every operation that it was asked for so far, with how often; but who is asking, which is asked on a schedule. */
  async calls(): Promise<Readonly<Record<string, number>>> {
    const { calls } = await this.told<{ calls: Readonly<Record<string, number>> }>('calls');
    return Object.fromEntries(Object.entries(calls).filter(([name]) => name !== 'GetCallerIdentity'));
  }

  /** Whose access key it is, as who has it is told; else the refusal. */
  async whoIs(accessKeyId: string): Promise<string> {
    const authorization = AUTHORIZATION.replace('AKIASANDBOXSANDBOX22', accessKeyId).replace('/iam/', '/sts/');
    const text = await (await fetch(this.url, { method: 'POST', body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }), headers: { authorization } })).text();
    return /<Arn>(.*)<\/Arn>/.exec(text)?.[1] ?? text;
  }

  /** Must succeed. */
  async call(action: string, params: Readonly<Record<string, string>>): Promise<void> {
    const body = new URLSearchParams({ Action: action, Version: '2010-05-08', ...params });
    const response = await fetch(this.url, { method: 'POST', body, headers: { authorization: AUTHORIZATION } });
    if (!response.ok) throw new Error(await response.text());
  }

  private async told<T>(what: string): Promise<T> {
    return (await (await fetch(`${this.url}/_sandbox/${what}`)).json()) as T;
  }
}
