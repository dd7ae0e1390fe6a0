import { createInterface } from 'node:readline';

/** Asks on `output`; anything but y or yes is no, the end of the input too. */
export async function confirmed(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  const reading = createInterface({ input, output, prompt: `${question} y/N ` });
  const answer = await new Promise<string>((resolve) => {
    reading.once('line', resolve).once('close', () => resolve(''));
    // Ctrl-C is for the command, which the terminal's own reader would keep from it.
    reading.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    reading.prompt();
  });
  reading.close();
  return /^y(es)?$/i.test(answer.trim());
}
