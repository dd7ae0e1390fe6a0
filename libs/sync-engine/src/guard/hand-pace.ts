/** So many removals at once are a person's; after them one more each `EACH_MS`. */
const AT_ONCE = 10;
const EACH_MS = 6_000;

/**
 * Whether a removal at `at` is still of the pace of a hand. `until`: what the same actor did before counts up to then. Gives the new
 * `until` where it is, and nothing where it is not, so that who goes on too fast gets no slower. Pure. Milliseconds since the epoch.
 */
export function handPace(until: number, at: number): number | undefined {
  const next = Math.max(until, at) + EACH_MS;
  return next - at > AT_ONCE * EACH_MS ? undefined : next;
}
