/** Buckets grow by a tenth: a quantile read from them is at most a tenth too high. The first ends at a millisecond, the last at some 30 days. */
const FIRST_SECONDS = 0.001;
const GROWTH = 1.1;
const LAST = 228;

export function bucketOf(seconds: number): number {
  if (!(seconds > FIRST_SECONDS)) return 0;
  return Math.min(LAST, Math.ceil(Math.log(seconds / FIRST_SECONDS) / Math.log(GROWTH)));
}

/** Upper end of a bucket, in seconds, to three digits. */
export function secondsOf(bucket: number): number {
  return Number((FIRST_SECONDS * GROWTH ** bucket).toPrecision(3));
}

/** The smallest bucket end that so large a part of all counts does not exceed; 0 where nothing was counted. */
export function quantile(counts: readonly { readonly bucket: number; readonly count: number }[], part: number): number {
  const sorted = [...counts].sort((a, b) => a.bucket - b.bucket);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { bucket, count } of sorted) {
    seen += count;
    if (seen >= total * part) return secondsOf(bucket);
  }
  return 0;
}
