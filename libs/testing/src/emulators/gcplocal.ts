import { join } from 'node:path';
import { startEmulator, type Emulator } from './emulator';
import { pythonTools } from './python';

/** A `bin` folder with gcplocal. */
export const gcplocalTools = (): Promise<string> => pythonTools(['gcplocal==0.1.0']);

/** gcplocal, an independent emulator of Google Cloud (service accounts and custom roles of IAM). State lives in its memory. */
export async function startGcplocal(): Promise<Emulator> {
  const bin = await gcplocalTools();
  return startEmulator('gcplocal', (port, directory) => ({
    command: join(bin, 'gcplocal'),
    args: ['start', '--host', '127.0.0.1', '--port', String(port)],
    env: { HOME: directory },
  }));
}
