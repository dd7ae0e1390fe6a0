import type { PreparedAppend } from './prepared-append';

/** What a set of appends touches. Two that write the same, or of which one writes what the other refers to, cannot share a statement. */
export class Footprint {
  private readonly written = new Map<string, number>();
  private readonly referenced = new Map<string, number>();

  collidesWith(prepared: PreparedAppend): boolean {
    return prepared.writes.some((thing) => this.written.has(thing))
      || prepared.references.some((stream) => this.written.has(`stream ${stream}`))
      || this.referenced.has(prepared.append.stream);
  }

  add(prepared: PreparedAppend): void {
    for (const thing of prepared.writes) this.written.set(thing, (this.written.get(thing) ?? 0) + 1);
    for (const stream of prepared.references) this.referenced.set(stream, (this.referenced.get(stream) ?? 0) + 1);
  }

  remove(prepared: PreparedAppend): void {
    for (const thing of prepared.writes) decrease(this.written, thing);
    for (const stream of prepared.references) decrease(this.referenced, stream);
  }
}

function decrease(counts: Map<string, number>, key: string): void {
  const count = (counts.get(key) ?? 1) - 1;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/** Cuts a list, in order, into runs that can each be written by one statement. */
export function independentRuns(appends: readonly PreparedAppend[]): PreparedAppend[][] {
  const runs: PreparedAppend[][] = [];
  let footprint = new Footprint();
  for (const prepared of appends) {
    const run = runs.at(-1);
    if (run && !footprint.collidesWith(prepared)) run.push(prepared);
    else {
      footprint = new Footprint();
      runs.push([prepared]);
    }
    footprint.add(prepared);
  }
  return runs;
}
