import { arnOf, type ApiCall } from '../spec-support/model-cloud';
import type { Foreigners } from './foreigners';
import type { Intentions } from './intentions';
import type { SimulatedCloud } from './simulated-cloud';

interface Standing {
  readonly mark: string | null;
  readonly name: string;
  readonly boundary?: string;
}

/** Judges permissions boundaries: who was to be limited from the first moment on never stands there without that limit, and what had it is never more. */
export class BoundaryOracle {
  constructor(
    private readonly cloud: SimulatedCloud, private readonly people: Intentions, private readonly foreigners: Foreigners, private readonly resourceOf: ReadonlyMap<string, string>, private readonly fail: (words: string) => void,
  ) {}

  changed({ mark, name, boundary }: Standing, call: ApiCall): void {
    const limit = this.people.all.find(({ id }) => id === mark)?.bornWith;
    if (mark === null || limit === undefined || this.foreigners.hadHandsOn(mark) || this.of(boundary) === limit) return;
    this.fail(`${mark} (${name}) stands there after ${call.api} ${call.name}, limited by ${boundary ?? 'nothing'}, and ${limit} is to limit it`);
  }

  /** Of our policies that which has this ARN. */
  of(boundary: string | undefined): string | undefined {
    const policy = this.cloud.things.find((thing) => thing.kind === 'policy' && arnOf(thing) === boundary);
    return policy && this.resourceOf.get(policy.id);
  }
}
