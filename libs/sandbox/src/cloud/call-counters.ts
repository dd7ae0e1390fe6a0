/** How often each operation was called, failing calls included; absent where never. */
export type CallCounts = Readonly<Record<string, number>>;

export class CallCounters {
  private readonly byOperation = new Map<string, number>();
  private written = 0;

  arrived(operation: string): void {
    this.byOperation.set(operation, (this.byOperation.get(operation) ?? 0) + 1);
  }

  wrote(): void {
    this.written += 1;
  }

  calls(): CallCounts {
    return Object.fromEntries(this.byOperation);
  }

  writes(): number {
    return this.written;
  }
}
