import {
  CreatePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  type ManagedPolicyDetail,
} from '@aws-sdk/client-iam';
import { findOwn, orAbsent, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { deletePolicy } from './delete-policy';
import { documentText } from './documents';
import { MARK_KEYS, markTags } from './marks';
import { checkPolicy, documentAtAws, pathOf, tagsOf } from './names-and-limits';
import { answered, collect, pagesAs } from './pages';
import { desiredPolicy, observedPolicy } from './policy-shape';
import { PolicyVersions } from './policy-versions';
import { applyTags, changedTo, refuseMove, toTags } from './tagged';

/** A page of a listing has the time of one call: so many policies are in it at most, and so many are asked for their tags at once. */
const PAGE = 100;
const AT_ONCE = 4;

/** Customer managed policies. AWS finds them by ARN, that is by path and name, and can change neither. */
export class PoliciesHandler implements ResourceHandler {
  readonly kind = 'policy';
  readonly facets: readonly string[] = [];
  readonly shape = desiredPolicy;
  readonly check = checkPolicy;

  constructor(
    private readonly client: AwsClient,
    private readonly pageSize: number,
  ) {}

  /** GetPolicy and GetPolicyVersion where the ARN is known; else ListPolicies before, for a name that may stand under any path. */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { nativeArn, providerResourceId } = reference;
    const known = nativeArn === undefined ? undefined : await this.at(nativeArn, context);
    if (known !== undefined && known.providerResourceId === providerResourceId) return known;
    const arns = await this.arnsByName(context);
    return findOwn(reference, async (name) => {
      const arn = arns.get(name) ?? arns.get(name.toLowerCase());
      return arn === undefined ? undefined : this.at(arn, context);
    });
  }

  /** CreatePolicy with path, description, document, tags and marks: one call. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, document, mark } = desired;
    const PolicyDocument = documentText(documentAtAws(desired.document));
    const Tags = toTags({ ...tagsOf(document), ...markTags(mark) });
    const description = document['description'];
    const { Policy } = await this.client.send(
      new CreatePolicyCommand({
        PolicyName: name,
        Path: pathOf(document),
        PolicyDocument,
        Tags,
        ...(typeof description === 'string' && description !== '' ? { Description: description } : {}),
      }),
      context,
    );
    return { observed: observedPolicy(answered(Policy, 'Policy'), Tags, PolicyDocument), rejected: [] };
  }

  /** A new version for a new document, then the tags. What AWS cannot change is refused after the rest is done. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { nativeArn: PolicyArn } = observed;
    if (changes.fields['document'] !== undefined) await new PolicyVersions(this.client, PolicyArn, context).add(documentText(documentAtAws(desired.document)));
    await applyTags(changes, desired.mark, {
      untag: (TagKeys) => this.client.send(new UntagPolicyCommand({ PolicyArn, TagKeys }), context),
      tag: (Tags) => this.client.send(new TagPolicyCommand({ PolicyArn, Tags }), context),
    });
    refuseMove('policy', observed, changes);
    return { observed: changedTo(observed, desired.mark, changes, changes.fields), rejected: [] };
  }

  async delete({ nativeArn }: Observed, context: CallContext): Promise<void> {
    return deletePolicy(this.client, nativeArn, context);
  }

  /** UntagPolicy with the marks. */
  async release({ nativeArn }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new UntagPolicyCommand({ PolicyArn: nativeArn, TagKeys: [...MARK_KEYS] }), context));
  }

  /** GetAccountAuthorizationDetails: 100 policies with their documents in one call. It tells no tags: ListPolicyTags for each. */
  list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const read = (Marker: string | undefined) =>
      this.client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'], MaxItems: Math.min(this.pageSize, PAGE), Marker }), context);
    return pagesAs(read, ({ Policies }) => this.listed(answered(Policies, 'Policies'), context));
  }

  private async listed(policies: readonly ManagedPolicyDetail[], context: CallContext): Promise<readonly Observed[]> {
    const page: Observed[] = [];
    for (let from = 0; from < policies.length; from += AT_ONCE) {
      const seen = await Promise.all(policies.slice(from, from + AT_ONCE).map((policy) => this.withTags(policy, context)));
      page.push(...seen.flatMap((observed) => observed ?? []));
    }
    return page;
  }

  /** Undefined where it was deleted meanwhile. */
  private async withTags(policy: ManagedPolicyDetail, context: CallContext): Promise<Observed | undefined> {
    const { Arn: PolicyArn, PolicyVersionList, DefaultVersionId } = policy;
    const version = PolicyVersionList?.find(({ VersionId, IsDefaultVersion }) => IsDefaultVersion ?? VersionId === DefaultVersionId);
    const tags = await orAbsent(
      collect(
        (Marker) => this.client.send(new ListPolicyTagsCommand({ PolicyArn, Marker, MaxItems: 1000 }), context),
        (page) => page.Tags,
      ),
    );
    return tags && observedPolicy(policy, tags, answered(version?.Document, 'Document'));
  }

  private async at(PolicyArn: string, context: CallContext): Promise<Observed | undefined> {
    const answer = await orAbsent(this.client.send(new GetPolicyCommand({ PolicyArn }), context));
    if (answer === undefined) return undefined;
    const policy = answered(answer.Policy, 'Policy');
    const text = await new PolicyVersions(this.client, PolicyArn, context).text(answered(policy.DefaultVersionId, 'DefaultVersionId'));
    return observedPolicy(policy, policy.Tags ?? [], text);
  }

  /** Names are unique in an account whatever their path and case. */
  private async arnsByName(context: CallContext): Promise<ReadonlyMap<string, string>> {
    const policies = await collect(
      (Marker) => this.client.send(new ListPoliciesCommand({ Scope: 'Local', Marker, MaxItems: this.pageSize }), context),
      (page) => page.Policies,
    );
    const named = policies.flatMap(({ PolicyName, Arn }) => (PolicyName === undefined || Arn === undefined ? [] : [[PolicyName, Arn] as const]));
    return new Map([...named.map(([name, arn]) => [name.toLowerCase(), arn] as const), ...named]);
  }
}
