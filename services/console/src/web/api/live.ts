import { signal, type Listener, type Signal } from '../ui/signal';
import { ApiError, type Client } from './client';
import { frameReader } from './event-frames';
import { eventSchema, type LogEvent } from './schemas';

export type LiveState = 'connecting' | 'live' | 'away';

/** What a page hears: an event, or that it may have missed some and has to look again. */
export type Heard = LogEvent | 'look again';

export interface Live {
  readonly state: Signal<LiveState>;
  /** Returns what ends it. */
  listen(listener: Listener<Heard>): () => void;
  close(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
/** The server says something every 15 s. */
const SILENCE_MS = 40_000;

/** One connection for the whole page, which goes on by itself where it broke off, without a gap. */
export function openLive(client: Client): Live {
  const listeners = new Set<Listener<Heard>>();
  const state = signal<LiveState>('connecting');
  const closing = new AbortController();
  const tell = (heard: Heard): void => listeners.forEach((listener) => listener(heard));
  void follow(client, state, tell, closing.signal);
  return {
    state, close: () => closing.abort(),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function follow(client: Client, state: Signal<LiveState>, tell: (heard: Heard) => void, closed: AbortSignal): Promise<void> {
  let after = 'now';
  for (let pause = FIRST_PAUSE_MS; !closed.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const connection = new AbortController();
    const end = (): void => connection.abort();
    closed.addEventListener('abort', end);
    try {
      const body = await client.stream(after, connection.signal);
      state.set('live');
      pause = FIRST_PAUSE_MS;
      // What was read before may be older than the stream's beginning, or could not be read while it was away.
      tell('look again');
      await read(body, end, (id, event) => {
        after = id;
        tell(event);
      });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return;
    }
    closed.removeEventListener('abort', end);
    end();
    if (closed.aborted) return;
    state.set('away');
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function read(body: ReadableStream<Uint8Array>, end: () => void, heard: (id: string, event: LogEvent) => void): Promise<void> {
  const frames = frameReader();
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  for (;;) {
    const silence = setTimeout(end, SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    for (const { id, data } of frames(value)) {
      const event = eventSchema.safeParse(JSON.parse(data));
      if (id !== undefined && event.success) heard(id, event.data);
    }
  }
}
