import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, type Emulator } from './emulator';
import { pythonTools } from './python';

const WSGI_APP = `from moto.server import DomainDispatcherApplication, create_backend_app
app = DomainDispatcherApplication(create_backend_app)
`;

export interface MotoOptions {
  /** Serves moto by granian instead of its own development server: about twice the calls per second. */
  readonly fast?: boolean;
}

function granianArguments(port: number): string[] {
  const shape = ['--interface', 'wsgi', '--workers', '1', '--blocking-threads', '1', '--no-access-log'];
  return [...shape, '--host', '127.0.0.1', '--port', String(port), 'wsgi:app'];
}

/** moto, an independent emulator of AWS (IAM, STS, Identity Center). State lives in its memory. */
export async function startMoto(options: MotoOptions = {}): Promise<Emulator> {
  const bin = await pythonTools();
  return startEmulator('moto', (port, directory) => {
    if (!options.fast) return { command: join(bin, 'moto_server'), args: ['-H', '127.0.0.1', '-p', String(port)] };
    writeFileSync(join(directory, 'wsgi.py'), WSGI_APP);
    return { command: join(bin, 'granian'), args: granianArguments(port), env: { PYTHONPATH: directory } };
  });
}
