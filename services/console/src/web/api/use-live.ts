import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../console-context';
import type { Client } from './client';
import type { LogEvent } from './schemas';

/** At most so often it is looked again, however much happens. */
const PACE_MS = 400;

export interface Looked<T> {
  /** Of this key, or the last of the one before while this is being loaded. */
  readonly value?: T;
  readonly error?: Error;
  /** The value is of another key, or none is there yet. */
  readonly loading: boolean;
}

/**
 * Reads something, and again whenever the log tells of something that `concerns` it: what is shown stays true without a reload.
 * Another `key` is another thing to read.
 */
export function useLive<T>(key: string, load: (client: Client, signal: AbortSignal) => Promise<T>, concerns: (event: LogEvent) => boolean = () => true): Looked<T> {
  const { client, live } = useConsole();
  const [looked, setLooked] = useState<{ readonly key?: string; readonly value?: T; readonly error?: Error }>({});
  const now = useRef({ load, concerns });
  now.current = { load, concerns };

  const read = useCallback(async (signal: AbortSignal): Promise<void> => {
    try {
      const value = await now.current.load(client, signal);
      if (!signal.aborted) setLooked({ key, value });
    } catch (error) {
      // Where it was read before, that is still the best that is known.
      if (!signal.aborted) setLooked((before) => ({ ...(before.key === key && before.value !== undefined ? { value: before.value } : {}), key, error: error as Error }));
    }
  }, [client, key]);

  useEffect(() => {
    const gone = new AbortController();
    let running = false;
    let again = false;
    const look = async (): Promise<void> => {
      again = running;
      if (running) return;
      running = true;
      await read(gone.signal);
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
      running = false;
      if (again && !gone.signal.aborted) void look();
    };
    void look();
    const deaf = live.listen((heard) => {
      if (heard === 'look again' || now.current.concerns(heard)) void look();
    });
    return () => {
      deaf();
      gone.abort();
    };
  }, [read, live]);

  return { ...looked, loading: looked.key !== key };
}
