/** At the targets of one process so many pages of listings are on their way at a time: a page is large, and larger while it is read. In the order of asking. */
export class PageTurns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Undefined where it is the asker's turn at once; else resolves when it is. */
  take(): Promise<void> | undefined {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve));
    this.free -= 1;
    return undefined;
  }

  /** The turn is over. */
  done(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
