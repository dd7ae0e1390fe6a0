import { parseArgs } from 'node:util';

export interface SimulateOptions {
  readonly from: number;
  readonly seeds: number;
  /** Prints all that happened. */
  readonly trace: boolean;
  /** Runs each seed twice and compares what happened. */
  readonly twice: boolean;
  /** Tries the engines that are broken on purpose instead of the shipped one. */
  readonly broken: boolean;
  /** From the first seed on, not from those that caught them before. */
  readonly search: boolean;
  /** Of the broken engines only those that the core alone does not catch. */
  readonly rest: boolean;
  /** The pure core alone, without a database. */
  readonly core: boolean;
  /** Processes that share the seeds. */
  readonly jobs: number;
  /** Which part of how many this process does. */
  readonly part: readonly [part: number, parts: number];
  /** Only those whose words contain this. */
  readonly only: string;
}

export const USAGE = `npm run simulate -- [options]
  --seeds N     so many seeds (default 100; with --broken the most that each broken engine gets, default 300)
  --from S      the first of them (default 1)
  --seed S      this one seed, with its hash
  --trace       print all that happened
  --twice       run each seed twice and compare the hashes
  --core        the pure core alone, without a database: many times faster
  --jobs N      so many processes share the seeds, each with a database of its own (default 1)
  --broken      try the engines that are broken on purpose: each must be caught, by a seed with which the shipped one passes
  --rest        of the broken engines only those that --core does not try
  --search      of the broken engines forget which seed caught them before
  --only WORDS  of these only those whose words contain WORDS
`;

/** Undefined where the arguments make no sense. */
export function parseOptions(args: readonly string[]): SimulateOptions | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: {
      seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' }, trace: { type: 'boolean' }, twice: { type: 'boolean' }, broken: { type: 'boolean' }, core: { type: 'boolean' }, jobs: { type: 'string' }, part: { type: 'string' }, only: { type: 'string' }, search: { type: 'boolean' }, rest: { type: 'boolean' }, help: { type: 'boolean' },
    } });
    const { core = false, broken = false, trace = false, twice = false, search = false, rest = false, only = '' } = values;
    const from = Number(values.seed ?? values.from ?? 1);
    const seeds = values.seed === undefined ? Number(values.seeds ?? (broken ? 300 : 100)) : 1;
    const jobs = Number(values.jobs ?? 1);
    const [part = 0, parts = 1] = (values.part ?? '0/1').split('/').map(Number);
    return values.help || !Number.isSafeInteger(jobs) || jobs < 1 || !Number.isSafeInteger(from) || !(seeds >= 1) ? undefined : { from, seeds, trace, twice, broken, search, rest, core, jobs, part: [part, parts], only };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
