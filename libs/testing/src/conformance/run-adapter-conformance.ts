/// <reference types="jest" />
import { appendFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import type { ProviderTarget } from '@wami/provider-port';
import type { Claim } from './claim';
import { ISSUED_CLAIMS, KIND_CLAIMS, TARGET_CLAIMS } from './claims/all-claims';
import { Stage } from './stage';
import type { Row, Verdict, Verdicts } from './verdicts';
import type { KindSample, RunningWitness, Witness } from './witness';
import { updateTable } from './write-table';

const START_TIMEOUT_MS = 600_000;
const CLAIM_TIMEOUT_MS = 120_000;
const inCi = /^(1|true)$/i.test(process.env['CI'] ?? '');

interface Running {
  readonly witness: RunningWitness;
  readonly target: ProviderTarget;
}

/**
 * Registers one jest block in which every claim is put to the witness, kind by kind; the verdicts go to `verdicts`. A witness that cannot be
 * started is written to the file that WAMI_LEFT_OUT_FILE names; where CI is set, that fails.
 */
export function runAdapterConformance(witness: Witness, samples: readonly [KindSample, ...KindSample[]], verdicts: Verdicts): void {
  describe(witness.name, () => {
    let running: Running | undefined;
    beforeAll(async () => {
      running = await start(witness, verdicts);
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      await running?.target.close();
      await running?.witness.stop();
    });
    trials(samples, witness).forEach(({ subject, sample, claim }, index) => {
      const row: Row = { subject, title: claim.title };
      verdicts.expect(witness.name, row);
      const reason = withoutOf(witness, sample);
      if (reason !== undefined) {
        verdicts.record(witness.name, row, { says: 'none', reason });
        return;
      }
      it(
        `${subject}: ${claim.title}`,
        async () => {
          if (running === undefined) return;
          const stage = new Stage(running.witness, running.target, sample, `${sample.corner ?? witness.corner ?? ''}c${index}`, (operation) => verdicts.called.add(operation));
          const { verdict, failure } = await judge(claim, stage, lackOf(witness, claim, [subject, sample.relation?.facet]));
          verdicts.record(witness.name, row, verdict);
          if (failure !== undefined) throw failure;
        },
        CLAIM_TIMEOUT_MS,
      );
    });
  });
}

/** Registers the last test: that the document says what was found. Where CI is not set it is brought up to date instead. */
export function keepConformanceTable(file: string, verdicts: Verdicts): void {
  it('the table of proved claims is up to date', () => {
    const table = updateTable(file, verdicts, !inCi);
    assert.notEqual(table, 'differs', `${file} is out of date: run the tests without CI set and commit it`);
    if (inCi) assert.notEqual(table, 'incomplete', `${file} cannot be held against what was proved: a kind was not tried at every witness`);
  });
}

/** What is about the target itself is tried with a kind that the witness has. */
function trials(samples: readonly [KindSample, ...KindSample[]], { without = {} }: Pick<Witness, 'without'>): { subject: string; sample: KindSample; claim: Claim }[] {
  return [
    ...TARGET_CLAIMS.map((claim) => ({ subject: 'target', sample: samples.find((sample) => withoutOf({ without }, sample) === undefined) ?? samples[0], claim })),
    ...samples.flatMap((sample) => [
      ...(sample.issued ? ISSUED_CLAIMS : KIND_CLAIMS).filter(({ appliesTo }) => appliesTo?.(sample) ?? true).map((claim) => ({ subject: subjectOf(sample), sample, claim })),
      ...(sample.otherRelations ?? []).flatMap((relation) =>
        KIND_CLAIMS.filter(({ perRelation }) => perRelation).map((claim) => ({ subject: `${sample.kind}, its ${relation.facet}`, sample: { ...sample, relation }, claim })),
      ),
    ]),
  ];
}

const withoutOf = ({ without = {} }: Pick<Witness, 'without'>, sample: KindSample): string | undefined => without[subjectOf(sample)] ?? without[sample.kind];

const subjectOf = ({ kind, form }: KindSample): string => (form === undefined ? kind : `${kind}, ${form}`);

function lackOf({ lacks = {} }: Witness, { id }: Claim, subjects: readonly (string | undefined)[]): string | undefined {
  const [of] = subjects.flatMap((subject) => lacks[`${subject}.${id}`] ?? []);
  return of ?? lacks[id];
}

async function start(witness: Witness, verdicts: Verdicts): Promise<Running | undefined> {
  try {
    const running = await witness.start();
    return { witness: running, target: running.adapter.connect(running.connection) };
  } catch (error) {
    if (inCi) throw error;
    verdicts.leftOut.push(witness.name);
    const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
    const file = process.env['WAMI_LEFT_OUT_FILE'];
    if (file) appendFileSync(file, `${witness.name}: ${reason}\n`);
    else process.stderr.write(`LEFT OUT: ${witness.name}: ${reason}\n`);
    return undefined;
  }
}

async function judge(claim: Claim, stage: Stage, lack: string | undefined): Promise<{ verdict: Verdict; failure?: unknown }> {
  const cannot = claim.needs?.(stage.witness);
  if (cannot !== undefined) return { verdict: { says: 'none', reason: cannot } };
  const failure = await failureOf(claim, stage);
  if (lack === undefined) return failure === undefined ? { verdict: { says: 'proved' } } : { verdict: { says: 'refuted' }, failure };
  if (failure !== undefined) return { verdict: { says: 'none', reason: lack } };
  return { verdict: { says: 'refuted' }, failure: new Error(`it can judge this now: take '${claim.id}' off its list of lacks`) };
}

async function failureOf(claim: Claim, stage: Stage): Promise<unknown> {
  try {
    await claim.judge(stage);
    return undefined;
  } catch (error) {
    return error ?? new Error('rejected with nothing');
  } finally {
    stage.witness.misbehaviour?.heal();
  }
}
