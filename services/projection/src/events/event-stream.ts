import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Applied } from '../position/applied';
import { EventsQueries, sealed, toItem, type EventsFilter } from './events.query';

/** Events read and written at a time: what a connection holds in memory. */
const PAGE = 200;
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is let go; it resumes with its last id. */
export const SLOW_CLIENT_MS = 10_000;
const MOST_STREAMS = 1000;
/** How often it is asked whether the caller's token is still good. */
export const CHECK_MS = 2000;

type Ending = 'shutting down' | 'too slow' | 'no longer allowed';

/** Open connections that get every event of their tenant, in order, without gap or repeat. */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly stop = new AbortController();
  private readonly open = new Set<Promise<void>>();

  constructor(private readonly queries: EventsQueries, private readonly applied: Applied) {}

  get full(): boolean {
    return this.open.size >= MOST_STREAMS || this.stop.signal.aborted;
  }

  /** Resolves when the connection is over. It ends soon after the caller is no longer allowed to listen. */
  serve(response: ServerResponse, filter: EventsFilter, after: number, stillAllowed: () => Promise<boolean>): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const barred = barredWhen(stillAllowed);
    const served = this.run(response, filter, after, AbortSignal.any([gone.signal, barred.signal, this.stop.signal]), barred.signal)
      .finally(() => {
        barred.stop();
        this.open.delete(served);
      });
    this.open.add(served);
    return served;
  }

  /** Ends every stream, so that the server can close. */
  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    await Promise.allSettled(this.open);
  }

  private async run(response: ServerResponse, filter: EventsFilter, start: number, signal: AbortSignal, barred: AbortSignal): Promise<void> {
    let last = Date.now();
    const write = async (text: string): Promise<boolean> => {
      last = Date.now();
      return response.write(text) || drained(response, signal);
    };
    try {
      let fits = await write(': open\n\n');
      for (let after = start; fits && !signal.aborted;) {
        const commit = this.applied.nextCommit(Math.max(1, last + HEARTBEAT_MS - Date.now()), signal);
        const [text, next] = await this.page(filter, after);
        if (next > after) commit.cancel();
        after = next;
        if (text !== '') fits = await write(text);
        else if (Date.now() - last >= HEARTBEAT_MS) fits = await write(': heartbeat\n\n');
        await commit.promise;
      }
      this.end(response, barred.aborted ? 'no longer allowed' : fits || signal.aborted ? 'shutting down' : 'too slow');
    } catch (error) {
      response.destroy();
      throw error;
    }
  }

  /** Frames of the next events, and the number up to which nothing was left out but what the filter hides. */
  private async page(filter: EventsFilter, after: number): Promise<[string, number]> {
    const { events, upto } = await this.queries.next(filter, after, PAGE);
    const frames = events.map((event) => `id: ${sealed(event.seq)}\nevent: ${event.type}\ndata: ${JSON.stringify(toItem(event))}\n\n`);
    return [frames.join(''), upto];
  }

  private end(response: ServerResponse, why: Ending): void {
    if (response.destroyed) return;
    response.end(`: ${why}\n\n`);
    // What a slow client has not taken by now it will not take, and who is barred is told no more: nothing of it is kept.
    if (why !== 'shutting down') setImmediate(() => response.destroy());
  }
}

/** Aborts when the answer is no. Where there is no answer now, the stream's own reading fails soon enough. */
function barredWhen(stillAllowed: () => Promise<boolean>): { readonly signal: AbortSignal; stop(): void } {
  const barred = new AbortController();
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    if (!(await stillAllowed().catch(() => true))) barred.abort();
    asking = false;
  };
  const timer = setInterval(() => void ask(), CHECK_MS);
  return { signal: barred.signal, stop: () => clearInterval(timer) };
}

/** False where the client took nothing in time. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SLOW_CLIENT_MS)]);
  try {
    await once(response, 'drain', { signal: limit });
    return true;
  } catch {
    return false;
  }
}
