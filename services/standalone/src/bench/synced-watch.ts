import type { WamiCloudEvent } from '@wami/contracts';
import type { WamiProcess } from '@wami/testing';

export interface SyncedWatch {
  close(): Promise<void>;
}

/** One open connection to the events of the query side; `onSynced` hears the id of each resource that reached a cloud. */
export async function watchSynced({ url, authorization }: WamiProcess, onSynced: (id: string) => void): Promise<SyncedWatch> {
  const stop = new AbortController();
  const query = new URLSearchParams({ type: 'wami.sync.succeeded.v1', after: 'now' });
  const response = await fetch(`${url}/v1/events?${query.toString()}`, { headers: { authorization, accept: 'text/event-stream' }, signal: stop.signal });
  if (!response.ok || !response.body) throw new Error(`the events were answered ${response.status}: ${await response.text()}`);
  const reading = read(response.body, onSynced).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    close: () => {
      stop.abort();
      return reading;
    },
  };
}

async function read(body: ReadableStream<Uint8Array>, onSynced: (id: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) onSynced((JSON.parse(data) as WamiCloudEvent).key);
    }
  }
  throw new Error('the stream of events ended');
}
