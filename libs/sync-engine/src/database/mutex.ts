/** One after the other, in the order of asking. */
export class Mutex {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.then(ignore, ignore);
    return result;
  }
}

/** The caller of `run` sees the error; the queue goes on. */
function ignore(): void {
  return undefined;
}
