export interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** The frames of a server-sent event stream, comments left out. Ends when the server closes or the connection breaks. */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let buffer = '';
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
    if (done) return;
    buffer += decoder.decode(value, { stream: true });
    for (let cut = buffer.indexOf('\n\n'); cut >= 0; cut = buffer.indexOf('\n\n')) {
      const frame = parseFrame(buffer.slice(0, cut));
      buffer = buffer.slice(cut + 2);
      if (frame) yield frame;
    }
  }
}

function parseFrame(text: string): Frame | undefined {
  const fields: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^(id|event|data): ?(.*)$/.exec(line);
    if (match?.[1] !== undefined) fields[match[1]] = fields[match[1]] === undefined ? match[2] ?? '' : `${fields[match[1]]}\n${match[2] ?? ''}`;
  }
  const { id, event, data } = fields;
  return data === undefined ? undefined : { data, ...(id === undefined ? {} : { id }), ...(event === undefined ? {} : { event }) };
}
