import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@wami/platform';

/** Of the data directory; without the first personal data cannot be read, without the second no API key is accepted. */
const FILES = ['master.key', 'key.pepper', 'admin.token'] as const;
const CONNECTIONS = 'connections.yaml';

interface SecretFile {
  readonly name: string;
  readonly content: Buffer;
}

/** @throws StartupError where there is no data directory */
export function secretFiles(folder: string | undefined, connections: string | undefined): readonly SecretFile[] {
  if (folder === undefined) throw new StartupError('Secrets can be saved with it only on one machine, out of its data directory. Where services run on their own they come from where you keep them.');
  const own = FILES.map((name) => ({ name, file: join(folder, name) })).filter(({ file }) => existsSync(file));
  const all = connections === undefined ? own : [...own, { name: CONNECTIONS, file: connections }];
  return all.map(({ name, file }) => ({ name, content: readFileSync(file) }));
}

/** Puts them into a data directory; one that is there already and is another one is an error. @throws StartupError */
export function putSecrets(folder: string, secrets: readonly SecretFile[]): void {
  for (const { name, content } of secrets) {
    const file = join(folder, name);
    if (existsSync(file) && !readFileSync(file).equals(content)) throw new StartupError(`${file} is another one than in the backup. Move it away first.`);
  }
  for (const { name, content } of secrets) writeFileSync(join(folder, name), content, { mode: 0o600 });
}
