import type { Client } from './client';
import { askedSchema } from './schemas';

/** Waits until what was just written can be read, so that its page does not say that there is none. Where that takes too long, the page tells what it finds. */
export async function readable(client: Client, path: string): Promise<void> {
  await client.get(path, askedSchema, { strong: true }).catch(() => undefined);
}
