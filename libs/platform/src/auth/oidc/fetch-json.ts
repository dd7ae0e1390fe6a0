const TIMEOUT_MS = 5000;
const MOST_BYTES = 512 * 1024;

/** Reads a small JSON document: no redirect is followed, nothing large is taken in. @throws Error that names the address and what was wrong */
export async function fetchJson(address: string): Promise<unknown> {
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' } });
    if (response.status !== 200) throw new Error(`it answered ${response.status}`);
    return JSON.parse(await boundedText(response)) as unknown;
  } catch (error) {
    throw new Error(`${address} cannot be read: ${reasonOf(error)}`);
  }
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
