const BEAT_MS = 1000;

/** Keeps a consumer in its group while a handler works or a failure is waited out. */
export class Heart {
  private lost: { readonly error: unknown } | undefined;

  constructor(private readonly beat: () => Promise<void>) {}

  /**
   * The work is always waited for, so that nothing of it is in flight when the group moves on.
   * @throws what the heartbeat threw, once the work has ended
   */
  async beatDuring<T>(work: Promise<T>): Promise<T> {
    const timer = setInterval(() => void this.once(), BEAT_MS);
    try {
      const result = await work;
      await this.once();
      this.throwIfLost();
      return result;
    } finally {
      clearInterval(timer);
    }
  }

  throwIfLost(): void {
    if (this.lost) throw this.lost.error;
  }

  private async once(): Promise<void> {
    if (this.lost) return;
    try {
      await this.beat();
    } catch (error) {
      this.lost = { error };
    }
  }
}
