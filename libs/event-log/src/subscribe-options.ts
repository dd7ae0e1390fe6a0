import type { Source } from '@wami/contracts';
import type { SubscribeOptions } from './event-log';

/**
 * The schema where positions are kept; undefined for `now`, which keeps none.
 * @throws RangeError where the options cannot be met: a mistake of the program, found when it starts.
 */
export function checkOptions(options: SubscribeOptions, known: readonly { readonly source: Source }[]): string | undefined {
  const { group, sources, batchSize = 1, from, checkpoints } = options;
  if (group === '' || sources.length === 0) throw new RangeError('a subscription needs a group and at least one source');
  const unknown = sources.find((source) => !known.some((one) => one.source === source));
  if (unknown !== undefined) throw new RangeError(`group ${group}: the log knows no source ${unknown}`);
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`group ${group}: batchSize must be a whole number from 1`);
  if (from === 'now') return undefined;
  if (!checkpoints) throw new RangeError(`group ${group}: a subscription from the beginning needs checkpoints`);
  return checkpoints.schema;
}
