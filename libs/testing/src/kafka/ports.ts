import { freePort } from '../free-port';
import type { KafkaPorts } from './config';

export async function freeKafkaPorts(): Promise<KafkaPorts> {
  const client = await freePort();
  for (;;) {
    const controller = await freePort();
    if (controller !== client) return { client, controller };
  }
}
