import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Waitable } from '../waiting/sync-wait';

/** What the operations of running batches left to be waited for at the batch's end. */
@Injectable()
export class BatchWaits {
  private readonly running = new Map<string, Map<number, Waitable>>();

  /** A name that nobody outside can guess. */
  open(): string {
    const batch = randomBytes(16).toString('hex');
    this.running.set(batch, new Map());
    return batch;
  }

  /** False where the value names no running batch. */
  defer(operation: string, waitable: Waitable): boolean {
    const [batch = '', index = ''] = operation.split(':');
    const waits = this.running.get(batch);
    waits?.set(Number(index), waitable);
    return waits !== undefined;
  }

  close(batch: string): ReadonlyMap<number, Waitable> {
    const waits = this.running.get(batch) ?? new Map<number, Waitable>();
    this.running.delete(batch);
    return waits;
  }
}
