import type { ExplainedTarget, Explanation, PlanView } from '@wami/contracts';
import { colours } from './colour';
import { changeText } from './sync-plans';
import { stateWord } from './sync-states';
import { ago, until } from './time';

/** What a plan found when it looked. */
export interface FreshLook extends Pick<PlanView, 'targets' | 'operations'> {
  readonly plan: string;
  readonly at: string;
}

const MOST_CHANGES = 5;
const STEPS = ['scope', 'match', 'difference', 'plan'] as const;
const WIDTH = Math.max(...STEPS.map(({ length }) => length));
const INDENT = ' '.repeat(2 + WIDTH + 4);

/** For a person: a line for each step, below it what is known and what would make it go. */
export function explanationLines(explanation: Explanation, look?: FreshLook): string[] {
  const { kind, name, resource, tenant, version, text, targets } = explanation;
  return [`${kind}/${name || resource} (${resource}) of ${tenant}, version ${version}: ${text}`, ...targets.flatMap((target) => targetLines(target, look))];
}

function targetLines(target: ExplainedTarget, look: FreshLook | undefined): string[] {
  const { provider, account, state } = target;
  const facts: Readonly<Record<(typeof STEPS)[number], readonly string[]>> = { scope: scopeFacts(target), match: matchFacts(target), difference: [...differenceFacts(target), ...freshFacts(target, look)], plan: planFacts(target) };
  // One remedy is said once: the last step is about what to do.
  const hints = new Set<string>();
  const hintOf = (step: (typeof STEPS)[number]): string[] => {
    const { hint } = target[step];
    if (hint === undefined || hints.has(hint) || (step !== 'plan' && hint === target.plan.hint)) return [];
    hints.add(hint);
    return [`${INDENT}${colours.dim('→')} ${hint}`];
  };
  return [
    `${provider}/${account}  ${state ? stateWord(state.state) : '- not there'}`,
    ...STEPS.flatMap((step) => [`  ${step.padEnd(WIDTH)}  ${target[step].ok ? colours.green('✓') : colours.yellow('!')} ${target[step].text}`, ...facts[step].map((fact) => `${INDENT}${fact}`), ...hintOf(step)]),
  ];
}

function scopeFacts({ scope: { pauses } }: ExplainedTarget): string[] {
  return pauses.flatMap(({ id, reason, startedBy }) => (reason === undefined ? [] : [`${id}: ${reason} (by ${startedBy ?? 'somebody'})`]));
}

function matchFacts({ match: { providerResourceId, since } }: ExplainedTarget): string[] {
  const facts = [...(providerResourceId === undefined ? [] : [`id ${providerResourceId}`]), ...(since === undefined ? [] : [`since ${ago(since)}`])];
  return facts.length === 0 ? [] : [facts.join(', ')];
}

function differenceFacts({ difference: { changes, more, syncedAt } }: ExplainedTarget): string[] {
  const shown = changes.slice(0, MOST_CHANGES).map(changeText);
  const left = changes.length - shown.length + more;
  return [...(syncedAt === undefined ? [] : [`as it was ${ago(syncedAt)}`]), ...shown, ...(left > 0 ? [`and ${left} more`] : [])];
}

function freshFacts({ provider, account }: ExplainedTarget, look: FreshLook | undefined): string[] {
  if (look === undefined) return [];
  const isHere = (one: { readonly provider: string; readonly account: string }): boolean => one.provider === provider && one.account === account;
  const operation = look.operations.find(isHere);
  if (operation === undefined) return [look.targets.some((one) => isHere(one) && (one.counts.none ?? 0) > 0) ? 'looked now: the cloud agrees' : 'looked now: nothing is known of it there'];
  const { action, changes, more, reason } = operation;
  const shown = changes.slice(0, MOST_CHANGES).map(changeText);
  const left = changes.length - shown.length + more;
  return [`looked now (${look.plan}): ${action}${reason === undefined ? '' : `, ${reason}`}`, ...shown.map((text) => `  ${text}`), ...(left > 0 ? [`  and ${left} more`] : [])];
}

function planFacts({ plan: { at } }: ExplainedTarget): string[] {
  return at === undefined ? [] : [`next try ${until(at)} (${at})`];
}
