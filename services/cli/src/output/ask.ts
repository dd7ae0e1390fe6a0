import { CliError, EXIT } from '../exit-codes';
import { confirmed, typedAgain } from './confirm';

export interface Asking {
  /** Somebody said yes beforehand. */
  readonly yes?: boolean | undefined;
  /** What it is about, for a log, where nobody can answer. */
  readonly about?: string;
  /** Standard input is what the command reads. */
  readonly inputTaken?: boolean | undefined;
  /** Only this text is a yes: for what cannot be undone. */
  readonly typed?: string;
}

/** Goes on where a person says yes, or `--yes` did. @throws CliError `guarded` where nobody can answer, and for a no */
export async function askBefore(question: string, { yes, about, inputTaken, typed }: Asking): Promise<void> {
  if (yes) return;
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY || inputTaken) {
    throw new CliError(EXIT.guarded, `Nothing was written: nobody is there to say yes.${about === undefined ? '' : ` ${about}`}`, '--yes does it without asking.');
  }
  const agreed = typed === undefined ? await confirmed(question, stdin, stderr) : await typedAgain(typed, question, stdin, stderr);
  if (!agreed) throw new CliError(EXIT.guarded, 'Nothing was written.');
}
