import { ProviderError, type Desired } from '@wami/provider-port';
import { boundaryAtGoogle, documentAtGoogle, isNameOfBoundary, type BoundaryRule } from './access-boundary-document';
import { strangeIn, text, texts, words } from './denial-words';
import { charactersProblem, lengthProblem, refusal } from './names-and-limits';
import { z } from 'zod';

// Comments of google.iam.v3; "Principal access boundary policies" and "Quotas and limits" of IAM's documentation.
const ID = /^[a-z][a-z0-9.-]*$/;
const RESOURCE = /^\/\/cloudresourcemanager\.googleapis\.com\/(projects\/[a-z0-9.:-]+|(folders|organizations)\/\d+)$/;
const VERSION = /^([1-9]\d{0,3}|latest)$/;
const MAX = { displayName: 63, rules: 500, resources: 500, description: 256 } as const;
const AT = 'providerDocuments.gcp';

/** A word of it that were overlooked would let somebody reach more, or less, than was meant. */
const boundary = words({ displayName: text, details: words({ enforcementVersion: text, rules: z.array(words({ description: text, resources: texts, effect: text }), 'a list').optional() }) });

/** The first rule of Google that the policy breaks, which is a principal access boundary there. */
export function checkAccessBoundary({ name, document }: Desired): ProviderError | undefined {
  const { displayName, rules, enforcementVersion = 'latest' } = boundaryAtGoogle(name, document) ?? { displayName: name, rules: [] };
  const resources = rules.reduce((sum, rule) => sum + rule.resources.length, 0);
  return refusal(
    lengthProblem('policyName', name, 3, 63)
      ?? (ID.test(name) ? undefined : 'policyName: of a principal access boundary Google allows lower-case letters, digits, - and ., a letter first')
      ?? (isNameOfBoundary(name) ? undefined : 'policyName: a principal access boundary has pab- at the beginning of its name at Google, or behind a hyphen or a period, where no policy of another sort has it, so that one is never taken for the other')
      ?? strangeIn(boundary, documentAtGoogle(document), AT)
      ?? charactersProblem(`${AT}.displayName`, displayName, MAX.displayName)
      ?? (VERSION.test(enforcementVersion) ? undefined : `${AT}.details.enforcementVersion: a number, or latest`)
      ?? (rules.length > 0 && rules.length <= MAX.rules ? undefined : `${AT}.details.rules: ${rules.length}, Google allows 1 to ${MAX.rules}`)
      ?? (resources <= MAX.resources ? undefined : `${AT}.details.rules: ${resources} resources, Google allows ${MAX.resources} in all rules together`)
      ?? rules.map((rule, index) => ruleProblem(rule, `${AT}.details.rules.${index}`)).find((problem) => problem !== undefined),
  );
}

function ruleProblem({ description = '', resources, effect }: BoundaryRule, at: string): string | undefined {
  if (resources.length === 0) return `${at}.resources: none`;
  if (effect !== 'ALLOW') return `${at}.effect: Google knows ALLOW alone`;
  return resources.some((resource) => !RESOURCE.test(resource)) ? `${at}.resources: each is //cloudresourcemanager.googleapis.com/projects/ID, .../folders/NUMBER or .../organizations/NUMBER` : charactersProblem(`${at}.description`, description, MAX.description);
}
