import type { iam_v2 } from '@googleapis/iam';
import { inTurns, orAbsent, type CallContext } from '@wami/provider-port';
import type { DenyContent, DenyPolicy } from './deny-rules';
import type { GcpClient } from './gcp.client';
import { endedOperation, type Operation } from './operations';
import { answered, pagesOf } from './pages';
import { SharedPolicy } from './shared-policy';

/** The deny policies of one project, folder or organisation. Every write is an operation, and is over when that has ended. */
export class DenyPolicyCalls {
  private readonly point: string;
  private readonly edited = new Map<string, SharedPolicy<DenyPolicy, DenyContent>>();

  constructor(private readonly client: GcpClient, private readonly pageSize: number) {
    this.point = encodeURIComponent(`cloudresourcemanager.googleapis.com/${client.place.scope}`);
  }

  /** With its rules. */
  get(id: string, context: CallContext): Promise<DenyPolicy | undefined> {
    return orAbsent(this.read(id, context));
  }

  /** As it was made. */
  async create(id: string, content: DenyContent, context: CallContext): Promise<DenyPolicy> {
    const requestBody = { displayName: content.displayName, rules: [...content.rules] };
    return this.ended(await this.client.iamV2('write', 'iam.policies.createPolicy', context, (api, options) =>
      api.policies.createPolicy({ parent: asSent(this.parent), policyId: id, requestBody }, options)), context);
  }

  /** Gone for good, whoever it is about. */
  async delete(id: string, context: CallContext): Promise<void> {
    this.edited.delete(id);
    const begun = await orAbsent(this.client.iamV2('write', 'iam.policies.delete', context, (api, options) => api.policies.delete({ name: asSent(this.nameOf(id)) }, options)));
    if (begun !== undefined) await orAbsent(this.ended(begun, context));
  }

  /** What several ask of one policy at the same time is written at once. */
  of(id: string): SharedPolicy<DenyPolicy, DenyContent> {
    const shared = this.edited.get(id) ?? new SharedPolicy<DenyPolicy, DenyContent>({
      called: `the deny policy ${id}`,
      read: (context) => this.read(id, context),
      contentOf: ({ displayName, rules }) => ({ displayName: displayName ?? '', rules: rules ?? [] }),
      write: (policy, content, context) => this.update(id, policy, content, context),
    });
    this.edited.set(id, shared);
    return shared;
  }

  /** One list, which tells no rules, and one get for each. */
  async *pages(context: CallContext): AsyncGenerator<readonly DenyPolicy[]> {
    const list = (pageToken: string | undefined): Promise<iam_v2.Schema$GoogleIamV2ListPoliciesResponse> => this.client.iamV2('read', 'iam.policies.listPolicies', context, (api, options) =>
      api.policies.listPolicies({ parent: asSent(this.parent), ...(pageToken === undefined ? {} : { pageToken }) }, options));
    for await (const { policies = [] } of pagesOf(list)) {
      for (let from = 0; from < policies.length; from += this.pageSize) {
        const whole = await inTurns(policies.slice(from, from + this.pageSize), ({ name }) => this.get(denyPolicyIdOf(answered(name, 'name')), context));
        yield whole.flatMap((policy) => policy ?? []);
      }
    }
  }

  private get parent(): string {
    return `policies/${this.point}/denypolicies`;
  }

  private nameOf(id: string): string {
    return `${this.parent}/${id}`;
  }

  private read(id: string, context: CallContext): Promise<DenyPolicy> {
    return this.client.iamV2('read', 'iam.policies.get', context, (api, options) => api.policies.get({ name: asSent(this.nameOf(id)) }, options));
  }

  private async update(id: string, policy: DenyPolicy, { displayName, rules }: DenyContent, context: CallContext): Promise<DenyPolicy> {
    // Written without an etag a policy replaces whatever stands there.
    const requestBody = { ...policy, etag: answered(policy.etag, 'etag'), displayName, rules: [...rules] };
    return this.ended(await this.client.iamV2('write', 'iam.policies.update', context, (api, options) => api.policies.update({ name: asSent(this.nameOf(id)), requestBody }, options)), context);
  }

  private ended(begun: iam_v2.Schema$GoogleLongrunningOperation, context: CallContext): Promise<DenyPolicy> {
    return endedOperation<DenyPolicy>(begun as Operation, async (name) =>
      (await this.client.iamV2('read', 'iam.policies.operations.get', context, (api, options) => api.policies.operations.get({ name: asSent(name) }, options))) as Operation, context);
  }
}

/** `policies/…/denypolicies/no-keys` -> `no-keys` */
export const denyPolicyIdOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** What stands encoded in a name is encoded once more on its way: Google answers 404 otherwise (seen with a client that does not). */
const asSent = (name: string): string => name.replaceAll('%', '%25');
