/**
 * Places between two steps whose order a promise rests on, in the order of a command's way. `-uncommitted`: inside the transaction, with
 * everything written and nothing committed. `call-unanswered`: the cloud has done what it was asked for and not said so.
 */
export const KILL_POINTS = [
  'append-before', 'append-after',
  'deliver-before', 'deliver-uncommitted', 'deliver-after',
  'claim-before', 'claim-uncommitted', 'claim-after',
  'call-before', 'call-unanswered', 'call-after',
  'record-before', 'record-uncommitted', 'record-after',
  'project-before', 'project-uncommitted', 'project-after',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** Name of the channel over which the process tells its thread what is armed. */
export const ARMING = 'wami-chaos-arming';

/** What the process that is to be killed hears from its test. */
export interface Arming {
  readonly point: KillPoint;
  /** The how many-th time from now that the point is reached; 1 is the next. */
  readonly at: number;
}
