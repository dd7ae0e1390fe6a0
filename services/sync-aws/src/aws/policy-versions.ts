import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { orAbsent, ProviderError, type CallContext } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { answered, collect } from './pages';

/** IAM keeps so many versions of a policy, the default one among them. */
const MOST = 5;

/** The versions of one managed policy. Only the default one counts; the others are what was there before. */
export class PolicyVersions {
  private readonly policy: { readonly PolicyArn: string };

  constructor(
    private readonly client: AwsClient,
    arn: string,
    private readonly context: CallContext,
  ) {
    this.policy = { PolicyArn: arn };
  }

  /** The document of a version, as IAM writes it. */
  async text(VersionId: string): Promise<string> {
    const answer = await orAbsent(this.client.send(new GetPolicyVersionCommand({ ...this.policy, VersionId }), this.context));
    if (answer === undefined) throw new ProviderError('Conflict', 'its default version was replaced while it was read', { effect: 'none' });
    return answered(answered(answer.PolicyVersion, 'PolicyVersion').Document, 'Document');
  }

  /** Makes this the document of the policy. Where there is no room for one more version the oldest that is not the default goes. */
  async add(PolicyDocument: string): Promise<void> {
    const others = await this.others();
    const [oldest] = others.length + 1 < MOST ? [] : others;
    if (oldest !== undefined) await this.remove(oldest);
    await this.client.send(new CreatePolicyVersionCommand({ ...this.policy, PolicyDocument, SetAsDefault: true }), this.context);
  }

  /** All but the default one, which goes with the policy. */
  async clear(): Promise<void> {
    for (const id of await this.others()) await this.remove(id);
  }

  /** Oldest first. */
  private async others(): Promise<string[]> {
    const versions = await collect(
      (Marker) => this.client.send(new ListPolicyVersionsCommand({ ...this.policy, Marker, MaxItems: 1000 }), this.context),
      (page) => page.Versions,
    );
    const ids = versions.flatMap(({ VersionId, IsDefaultVersion }) => (VersionId === undefined || IsDefaultVersion === true ? [] : [VersionId]));
    return ids.sort((a, b) => numberOf(a) - numberOf(b));
  }

  private async remove(VersionId: string): Promise<void> {
    await orAbsent(this.client.send(new DeletePolicyVersionCommand({ ...this.policy, VersionId }), this.context));
  }
}

/** `v12` is newer than `v9`; times of creation have whole seconds. */
function numberOf(id: string): number {
  return Number(/\d+/.exec(id)?.[0] ?? 0);
}
