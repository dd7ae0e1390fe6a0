import { useEffect, useState } from 'preact/hooks';
import { eventSchema, pageOf, type LogEvent } from '../../api/schemas';
import { useConsole } from '../../console-context';
import { fits, newest, NEWEST, type TailFilter } from './tail';

const listSchema = pageOf(eventSchema);

/** The newest events that fit, oldest first, and each that comes, once. */
export function useTail({ type, tenant, resource }: TailFilter): { readonly events?: readonly LogEvent[]; readonly error?: Error } {
  const { client, live } = useConsole();
  const [tail, setTail] = useState<{ readonly events?: readonly LogEvent[]; readonly error?: Error }>({});

  useEffect(() => {
    const gone = new AbortController();
    // What comes while the list is under way may be in it as well.
    let come: LogEvent[] = [];
    let listed: readonly LogEvent[] | undefined;
    const show = (): void => {
      if (listed) setTail({ events: listed = newest([...listed, ...come]) });
      if (listed) come = [];
    };
    let [reading, again] = [false, false];
    const read = (): void => {
      again = reading;
      if (reading) return;
      reading = true;
      const query = { after: `-${NEWEST}`, limit: NEWEST, type, tenant, resource };
      client.get('/v1/events', listSchema, { query, signal: gone.signal }).then(({ items }) => {
        listed = items;
        show();
      }, (error: Error) => { if (!gone.signal.aborted) setTail({ error }); }).finally(() => {
        reading = false;
        if (again && !gone.signal.aborted) read();
      });
    };
    read();
    const deaf = live.listen((heard) => {
      if (heard === 'look again') return read();
      if (!fits(heard, { type, tenant })) return;
      if (resource !== '') return JSON.stringify(heard).includes(resource) ? read() : undefined;
      come.push(heard);
      show();
    });
    return () => {
      deaf();
      gone.abort();
    };
  }, [client, live, type, tenant, resource]);

  return tail;
}
