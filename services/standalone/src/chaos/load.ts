import { setTimeout as sleep } from 'node:timers/promises';
import { Actor } from './actor';
import type { Commands } from './commands';
import type { Expected } from './expected';
import { Random } from './random';

export interface LoadOptions {
  /** Part of every name, so different for each load of an arena. */
  readonly name: string;
  readonly actors: number;
  /** Pause of an actor between two commands, milliseconds, from and to. */
  readonly pauseMs: readonly [number, number];
}

/** Where the callers act. */
export interface Stage {
  readonly tenant: string;
  readonly expected: Expected;
  /** `name` makes the idempotency keys unlike those of others. */
  commands(name: string): Commands;
}

/** Callers that change random things of their own, until they are stopped. */
export class Load {
  private stopping = false;
  private readonly running: Promise<unknown>;

  constructor(arena: Stage, random: Random, { name, actors, pauseMs: [least, most] }: LoadOptions) {
    this.running = Promise.all(Array.from({ length: actors }, async (_, index) => {
      const own = new Random(random.between(1, 2 ** 30));
      const actor = new Actor(`${name}${index}`, arena.tenant, arena.commands(`${name}${index}`), arena.expected, own);
      while (!this.stopping) {
        await actor.step();
        await sleep(own.between(least, most));
      }
    }));
    // Seen by whoever stops it.
    this.running.catch(() => undefined);
  }

  /** Resolves when every command that was sent is answered. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }
}
