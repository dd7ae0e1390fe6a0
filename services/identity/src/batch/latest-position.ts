import { decodePosition, encodePosition, laterPosition, LOG_START, type BatchResult, type LogPosition } from '@wami/contracts';

/** What a reader waits for who wants to see the whole batch; undefined where nothing was written. */
export function latestPosition({ results }: BatchResult): string | undefined {
  const latest: Record<string, LogPosition> = {};
  for (const { headers } of results) {
    for (const [source, at] of Object.entries(decodePosition(headers?.['wami-position'] ?? '') ?? {})) latest[source] = laterPosition(latest[source] ?? LOG_START, at);
  }
  return Object.keys(latest).length === 0 ? undefined : encodePosition(latest);
}
