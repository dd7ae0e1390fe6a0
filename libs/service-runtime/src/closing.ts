/** What is open, to be closed in the opposite order, once. */
export class Closing {
  private ends: (() => unknown)[] = [];

  /** To be ended before everything that was named earlier. */
  before(end: () => unknown): void {
    this.ends.unshift(end);
  }

  /** Ends everything, also after one has failed. @throws the first failure */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.ends.splice(0)) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** The result of the work; where it fails, everything that it opened is closed, and its error is what comes out. */
  async onFailure<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.run().catch(() => undefined); // of two errors the first is the reason
      throw error;
    }
  }
}
