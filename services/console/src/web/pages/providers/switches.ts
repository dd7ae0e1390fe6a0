import { z } from 'zod';

const faultsSchema = z.object({
  throttle: z.number(), errors: z.number(), lostAnswers: z.number(), latencyMs: z.tuple([z.number(), z.number()]), eventualConsistencyMs: z.number(), credentials: z.enum(['accepted', 'rejected']),
});
type Faults = z.infer<typeof faultsSchema>;

/** What stands at a sandbox cloud, and what came of it. */
export const sandboxSchema = z.object({ faults: faultsSchema, calls: z.number(), writes: z.number(), happened: z.record(z.string(), z.number()) });
export type SandboxTold = z.infer<typeof sandboxSchema>;

export interface Switch {
  readonly label: string;
  readonly on: Partial<Faults>;
  readonly off: Partial<Faults>;
  /** Of the command that does the same. */
  readonly flag: string;
  readonly offFlag: string;
  /** With whatever number somebody gave it. */
  isOn(faults: Faults): boolean;
}

export const SWITCHES: readonly Switch[] = [
  { label: 'Throttle 3 of 10 calls', on: { throttle: 0.3 }, off: { throttle: 0 }, flag: '--throttle 0.3', offFlag: '--throttle 0', isOn: ({ throttle }) => throttle > 0 },
  { label: 'Fail 1 of 10 calls', on: { errors: 0.1 }, off: { errors: 0 }, flag: '--errors 0.1', offFlag: '--errors 0', isOn: ({ errors }) => errors > 0 },
  { label: 'Lose 2 of 10 answers', on: { lostAnswers: 0.2 }, off: { lostAnswers: 0 }, flag: '--lost-answers 0.2', offFlag: '--lost-answers 0', isOn: ({ lostAnswers }) => lostAnswers > 0 },
  { label: 'Be slow', on: { latencyMs: [200, 800] }, off: { latencyMs: [0, 0] }, flag: '--latency 200-800', offFlag: '--latency 0', isOn: ({ latencyMs: [, most] }) => most > 0 },
  { label: 'Answer reads as of 5 s ago', on: { eventualConsistencyMs: 5000 }, off: { eventualConsistencyMs: 0 }, flag: '--stale 5000', offFlag: '--stale 0', isOn: ({ eventualConsistencyMs }) => eventualConsistencyMs > 0 },
  { label: 'Reject our credentials', on: { credentials: 'rejected' }, off: { credentials: 'accepted' }, flag: '--credentials rejected', offFlag: '--credentials accepted', isOn: ({ credentials }) => credentials === 'rejected' },
];

/** `Called 12 times, 5 of them writes. So far: throttle 3.` */
export function happenedText({ calls, writes, happened }: SandboxTold): string {
  const kinds = Object.entries(happened).map(([kind, times]) => `${kind} ${times}`).join(', ');
  return `Called ${calls} times, ${writes} of them writes. ${kinds === '' ? 'Nothing went wrong on purpose yet.' : `Went wrong on purpose: ${kinds}.`}`;
}
