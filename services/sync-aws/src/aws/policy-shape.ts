import type { Tag } from '@aws-sdk/client-iam';
import { ProviderError, type Desired, type Observed, type Shape } from '@wami/provider-port';
import { documentFrom, meaningOf } from './documents';
import { hasForeignMarks, markFromTags, withoutMarks } from './marks';
import { documentAtAws, pathOf, tagsOf } from './names-and-limits';
import { tagsFrom } from './user-shape';

/** What IAM answers of a managed policy, in whichever operation. */
export interface IamPolicy {
  readonly PolicyName?: string;
  readonly PolicyId?: string;
  readonly Arn?: string;
  readonly Path?: string;
}

/** The description is told to AWS when the policy is made and not compared: nobody can change it there. */
export function desiredPolicy({ name, document }: Desired): Shape {
  return { fields: { name, path: pathOf(document), document: meaningOf(documentAtAws(document), 'identity') }, tags: tagsOf(document), facets: {} };
}

/** `text`: the document of the default version. */
export function observedPolicy(policy: IamPolicy, tagList: readonly Tag[], text: string): Observed {
  const { PolicyName: name, PolicyId: providerResourceId, Arn: nativeArn, Path: path = '/' } = policy;
  if (name === undefined || providerResourceId === undefined || nativeArn === undefined) {
    throw new ProviderError('Internal', 'AWS answered a policy without name, id or ARN', { effect: 'unknown' });
  }
  const tags = tagsFrom(tagList);
  const mark = markFromTags(tags);
  return {
    providerResourceId,
    nativeArn,
    name,
    ...(mark === undefined ? {} : { mark }),
    ...(hasForeignMarks(tags) ? { obstacle: 'tags' as const } : {}),
    shape: { fields: { name, path, document: meaningOf(documentFrom(text), 'identity') }, tags: withoutMarks(tags), facets: {} },
    facetsRead: [],
  };
}
