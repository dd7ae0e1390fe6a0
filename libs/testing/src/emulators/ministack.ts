import { join } from 'node:path';
import { startEmulator, type Emulator } from './emulator';
import { pythonTools } from './python';

/** ministack, a second independent emulator of AWS (IAM, STS). State lives in its memory. */
export async function startMinistack(): Promise<Emulator> {
  const bin = await pythonTools();
  return startEmulator('ministack', (port, directory) => ({
    command: join(bin, 'ministack'),
    args: [],
    // Without BIND_HOST it listens on every address of the machine.
    env: { BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), HOME: directory },
  }));
}
