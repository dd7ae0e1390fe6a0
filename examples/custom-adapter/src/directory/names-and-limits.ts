import { ProviderError, type Desired } from '@wami/provider-port';
import { isMarkKey, MARK_COUNT, type Labels } from './marks';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const LABEL = /^[a-z0-9][a-z0-9-]{0,62}$/;
const LONGEST = 200;
const MOST_LABELS = 20;

/** A text of the document, '' where there is none: the directory keeps no difference between the two. */
export function textOf({ document }: Pick<Desired, 'document'>, key: string): string {
  const value = document[key];
  return typeof value === 'string' ? value : '';
}

export function tagsOf({ document }: Pick<Desired, 'document'>): Labels {
  return (document['tags'] ?? {}) as Labels;
}

/** What the directory forbids, known before it is asked. */
export function problemOf(desired: Desired): ProviderError | undefined {
  const { name } = desired;
  if (!NAME.test(name)) return invalid(`the directory cannot name anything ${name}: 1 to 40 letters, digits, dots, hyphens and underscores, the first a letter or digit`);
  const long = ['displayName', 'email'].find((key) => textOf(desired, key).length > LONGEST);
  if (long !== undefined) return invalid(`${long}: at most ${LONGEST} characters`);
  const tags = Object.entries(tagsOf(desired));
  if (tags.length > MOST_LABELS - MARK_COUNT) return invalid(`tags: at most ${MOST_LABELS - MARK_COUNT}, because the mark takes ${MARK_COUNT} of ${MOST_LABELS} labels`);
  const odd = tags.find(([key, value]) => !LABEL.test(key) || isMarkKey(key) || value.length > LONGEST)?.[0];
  return odd === undefined ? undefined : invalid(`the tag ${odd}: keys are lower-case letters, digits and hyphens and none of the mark's, values at most ${LONGEST} characters`);
}

const invalid = (message: string): ProviderError => new ProviderError('InvalidRequest', message);
