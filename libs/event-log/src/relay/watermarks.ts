import { LOG_START, type LogPosition } from '@wami/contracts';
import type { Publisher } from './publisher';

const EVERY_MS = 50;
const PROBE_MS = 1000;

/** Watermarks of one leadership: only for a place that is new, and not too often, by a clock that nobody sets. */
export class Watermarks {
  private last: LogPosition | undefined;
  private sentAt = -Infinity;

  constructor(private readonly publisher: Pick<Publisher, 'watermark' | 'probe'>) {}

  /** 0 when it was sent, milliseconds until it may be, undefined where there is nothing to tell. */
  async send(position: LogPosition): Promise<number | undefined> {
    if (position === this.last) return undefined;
    const wait = this.sentAt + EVERY_MS - performance.now();
    if (wait > 0) return wait;
    await this.publisher.watermark(position);
    this.last = position;
    this.sentAt = performance.now();
    return 0;
  }

  /** While a broker is said to be away and nothing is to be sent: looks whether it is back, once a second. */
  async probe(): Promise<void> {
    if (performance.now() < this.sentAt + PROBE_MS) return;
    this.sentAt = performance.now();
    await this.publisher.probe(this.last ?? LOG_START);
  }
}
