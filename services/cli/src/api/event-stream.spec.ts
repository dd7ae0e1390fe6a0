import { readEventStream, type Frame } from './event-stream';

async function framesOf(chunks: readonly Uint8Array[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readEventStream(new ReadableStream({ start(control) { for (const chunk of chunks) control.enqueue(chunk); control.close(); } }))) frames.push(frame);
  return frames;
}

describe('an event stream', () => {
  const text = ': open\n\nid: 1\nevent: a\ndata: {"x":"é"}\n\n: still here\n\nid: 2\ndata: one\ndata: two\n\nid: 3\ndata: cut o';

  it('gives its frames, however it is cut into chunks, and leaves out comments and what did not arrive whole', async () => {
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
      expect(await framesOf(chunks)).toEqual([{ id: '1', event: 'a', data: '{"x":"é"}' }, { id: '2', data: 'one\ntwo' }]);
    }
  });
});
