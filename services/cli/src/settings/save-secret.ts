import { closeSync, openSync, writeSync } from 'node:fs';
import { CliError, EXIT } from '../exit-codes';

/** A place for a secret that will be there: made before the secret is, so that none is lost where it cannot be kept. */
export interface SecretFile {
  readonly path: string;
  keep(secret: string): void;
}

/** A new file that only this user can read; one that is there already is left alone. @throws CliError */
export function openSecretFile(path: string): SecretFile {
  try {
    const file = openSync(path, 'wx', 0o600);
    return {
      path,
      keep(secret) {
        writeSync(file, `${secret}\n`);
        closeSync(file);
      },
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed';
    throw new CliError(EXIT.usage, code === 'EEXIST' ? `${path} exists already.` : `${path} cannot be written (${code}).`, 'Name a new file with --save; nothing was made.');
  }
}
