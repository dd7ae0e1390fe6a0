import type { SeededRandom } from '@wami/testing';
import type { Thing } from '../spec-support/model-cloud';

/** Names that people give to inline policies, and one that only others do. */
export const INLINE_NAMES = ['read', 'write', 'list'];
const THEIR_NAME = 'theirs';
/** What nobody here ever asks for. */
const THEIR_TEXT = '{"Statement":"theirs"}';

/** What others do with inline policies of things of ours: they put some of their own beside, and change or take away ours. */
export class InlineHands {
  /** Of each thing, those of theirs by name. */
  private readonly own = new Map<string, Map<string, string>>();
  /** Whether nobody here ever asked for one of this name. */
  isFree: (resource: string, name: string) => boolean = () => false;
  /** Whether it is told to be synced, and stands there as it is wanted. */
  isSettled: (thing: Thing, name: string) => boolean = () => false;

  constructor(private readonly random: SeededRandom) {}

  /** Undefined where nothing is done. */
  act(thing: Thing): string | undefined {
    const standing = Object.keys(thing.inline ?? {});
    const name = this.random.pick(standing.length > 0 && this.random.chance(0.5) ? standing : [...INLINE_NAMES, THEIR_NAME]);
    const isTakenAway = this.random.chance(0.5);
    if (thing.inline?.[name] === undefined) return this.put(thing, name);
    if (!this.isSettled(thing, name)) return undefined;
    const { [name]: _taken, ...others } = thing.inline;
    thing.inline = isTakenAway ? others : { ...others, [name]: THEIR_TEXT };
    return `${isTakenAway ? 'takes away' : 'changes'} the inline policy ${name} of ${thing.name}`;
  }

  of(thing: string): ReadonlyMap<string, string> {
    return this.own.get(thing) ?? new Map();
  }

  /** It counts as theirs. */
  leave(thing: string, name: string, text: string): void {
    this.own.set(thing, new Map([...this.of(thing), [name, text]]));
  }

  /** It was replaced on purpose. */
  giveUp(thing: string, name: string): void {
    this.own.get(thing)?.delete(name);
  }

  private put(thing: Thing, name: string): string | undefined {
    if (!this.isFree(thing.mark?.id ?? '', name)) return undefined;
    thing.inline = { ...thing.inline, [name]: THEIR_TEXT };
    this.leave(thing.id, name, THEIR_TEXT);
    return `puts the inline policy ${name} on ${thing.name}`;
  }
}
