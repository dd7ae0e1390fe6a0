import type { Tag } from '@aws-sdk/client-iam';
import type { Desired, Observed, Shape } from '@wami/provider-port';
import { documentFrom, meaningOf } from './documents';
import { documentAtAws, pathOf, tagsOf } from './names-and-limits';
import { observedTagged } from './tagged';

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
export function observedPolicy({ PolicyName: name, PolicyId: id, Arn: arn, Path: path }: IamPolicy, tags: readonly Tag[], text: string): Observed {
  return observedTagged('policy', { name, id, arn, path }, tags, { document: meaningOf(documentFrom(text), 'identity') });
}
