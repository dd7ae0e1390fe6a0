import { freePort } from '../free-port';
import type { KafkaPorts } from './config';

export async function freeKafkaPorts(): Promise<KafkaPorts> {
  return { client: await freePort(), controller: await freePort(), secured: await freePort() };
}
