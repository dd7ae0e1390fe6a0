import { useEffect, useState } from 'preact/hooks';
import { pageOf, resourceSchema, type Resource } from '../api/schemas';
import { useConsole } from '../console-context';

const MOST = 8;
const TYPING_MS = 200;
const listSchema = pageOf(resourceSchema);

export interface Found {
  /** What it is of. */
  readonly text: string;
  readonly items: readonly Resource[];
  readonly error?: Error;
}

const NOTHING: Found = { text: '', items: [] };

/** The first resources that the search finds for a text, once somebody stops typing; of the text before until then. */
export function useFound(text: string): Found {
  const { client } = useConsole();
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    if (text === '') return setFound(NOTHING);
    const gone = new AbortController();
    const timer = setTimeout(() => {
      client.get('/v1/resources', listSchema, { query: { q: text, limit: MOST }, signal: gone.signal })
        .then(({ items }) => setFound({ text, items }), (error: Error) => { if (!gone.signal.aborted) setFound({ text, items: [], error }); });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [client, text]);
  return found;
}
