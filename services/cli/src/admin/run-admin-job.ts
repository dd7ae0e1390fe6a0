import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT } from '../exit-codes';

/** Of the same installation: it works on the databases, of which a client knows nothing. */
const WORKER = join(__dirname, '..', '..', '..', 'standalone', 'dist', 'admin', 'main.js');

type Answer<T> = { readonly result: T } | { readonly error: { readonly message: string; readonly code: string } };

export type AdminJob =
  | { readonly verb: 'backup'; readonly file: string; readonly withSecrets: boolean }
  | { readonly verb: 'restore' | 'check'; readonly file: string }
  | { readonly verb: 'verify'; readonly against?: string }
  | { readonly verb: 'restore-in-place' };

/** Has a job done by the installation on this machine; how far it is comes on stderr. Ends with this process. @throws CliError */
export async function runAdminJob<T>(job: AdminJob): Promise<T> {
  if (!existsSync(WORKER)) throw new CliError(EXIT.failed, 'This command works on the databases and needs the whole of WAMI beside it.', 'Run it where WAMI is installed, or in its image: node services/cli/bin/wami.cjs admin ...');
  const child = spawn(process.execPath, [WORKER, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const interrupted = (): void => void child.kill('SIGINT');
  process.once('SIGINT', interrupted);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((done, failed) => child.once('close', done).once('error', failed)).finally(() => process.off('SIGINT', interrupted));
  if (said === '') throw new CliError(EXIT.failed, `It ended with ${code ?? 'a signal'} before it was done.`);
  const answer = JSON.parse(said) as Answer<T>;
  if ('result' in answer) return answer.result;
  throw new CliError(answer.error.code === 'NotEmpty' ? EXIT.conflict : EXIT.failed, answer.error.message);
}
