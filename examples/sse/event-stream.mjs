// @ts-check

/** @typedef {{ id?: string, event?: string, data: string }} Frame */

/**
 * The frames of a server-sent event stream; ends when the server closes it, throws when the connection breaks.
 * @param {AsyncIterable<Uint8Array>} body
 * @returns {AsyncGenerator<Frame>}
 */
export async function* framesOf(body) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const frame = frameOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (frame) yield frame;
    }
  }
}

/**
 * Undefined for a comment, which only shows that the connection lives.
 * @param {string} text
 * @returns {Frame | undefined}
 */
function frameOf(text) {
  const fields = Object.fromEntries(text.split('\n').flatMap((line) => {
    const [, name, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value]];
  }));
  return fields['data'] === undefined ? undefined : /** @type {Frame} */ (fields);
}
