export interface Frame {
  readonly id?: string;
  readonly data: string;
}

/** Cuts a stream of server-sent events into frames; what is not whole yet is kept for the next text. */
export function frameReader(): (text: string) => Frame[] {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    return parts.flatMap(frameOf);
  };
}

function frameOf(text: string): Frame[] {
  const valueOf = (name: string): string | undefined => {
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''));
    return lines.length === 0 ? undefined : lines.join('\n');
  };
  const [id, data] = [valueOf('id'), valueOf('data')];
  return data === undefined ? [] : [{ data, ...(id === undefined ? {} : { id }) }];
}
