import type { BindingOutcome } from '@wami/domain';
import type { ApiCall, Thing } from '../spec-support/model-cloud';
import type { InlineHands } from './inline-hands';
import type { Intention, Intentions } from './intentions';
import type { Picture } from './picture';

/** Told of what others have in its way. */
export function isConflict(outcome: BindingOutcome['outcome'] | undefined): boolean {
  return outcome?.state === 'Skipped' || (outcome?.state === 'Failed' && outcome.error.code === 'Conflict');
}

/** Judges inline policies: those of others stay as they are, but where somebody wanted them replaced, and of ours those stand there that are wanted. */
export class InlineOracle {
  constructor(
    private readonly people: Intentions, private readonly hands: InlineHands, private readonly said: ReadonlyMap<string, BindingOutcome>, private readonly fail: (words: string) => void,
  ) {
    hands.isFree = (resource, name) => this.intentionOf(resource)?.namedInline.has(name) === false;
    hands.isSettled = ({ mark, inline }, name) => {
      const wanted = this.intentionOf(mark?.id)?.inline[name];
      return wanted !== undefined && inline?.[name] === wanted && this.said.get(mark?.id ?? '')?.outcome.state === 'Synced';
    };
  }

  /** What stood for `before`, and others unmarked, stands for another resource now: what that one never asked for is nobody's here any more. */
  takenOver(id: string, before: string | undefined, { mark, inline }: Picture): void {
    if (before === undefined || mark === null || mark === before) return;
    const named = this.intentionOf(mark)?.namedInline ?? new Set();
    for (const [name, text] of Object.entries(inline)) if (!named.has(name)) this.hands.leave(id, name, text);
  }

  /** `after`: of a thing that stands there still. */
  changed(id: string, { api, name }: ApiCall, after: Picture): void {
    for (const [policy, text] of this.hands.of(id)) {
      if (after.inline[policy] === text) continue;
      if (this.people.settings.conflictResolution === 'overwrite' && this.people.all.some((one) => one.id === after.mark && one.namedInline.has(policy))) this.hands.giveUp(id, policy);
      else this.fail(`${api} ${name}: the inline policy ${policy} of others on ${after.name} was ${text} and is ${after.inline[policy] ?? 'gone'}`);
    }
  }

  /** Names that ours should have, and under which others have theirs. */
  taken({ inline }: Intention, { id }: Pick<Thing, 'id'>): string[] {
    return Object.keys(inline).filter((name) => this.hands.of(id).has(name));
  }

  /** What should be there of ours, and what is. */
  compared(one: Intention, { id, inline = {} }: Thing): [wanted: string[], there: string[]] {
    const theirs = this.hands.of(id);
    return [one.inline, inline].map((policies) => Object.entries(policies).flatMap(([name, text]) => (theirs.has(name) ? [] : [`${name} ${text}`])).sort()) as [string[], string[]];
  }

  private intentionOf(resource: string | undefined): Intention | undefined {
    return this.people.living.find(({ id }) => id === resource);
  }
}
