import { createInterface } from 'node:readline';

/** Asks on `output`; anything but y or yes is no, the end of the input too. */
export async function confirmed(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  return /^y(es)?$/i.test((await answerTo(`${question} y/N `, input, output)).trim());
}

/** Asks for what cannot be undone: only the very same text is a yes. */
export async function typedAgain(text: string, question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  return (await answerTo(`${question} Type ${text} to go on: `, input, output)).trim() === text;
}

async function answerTo(prompt: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<string> {
  const reading = createInterface({ input, output, prompt });
  const answer = await new Promise<string>((resolve) => {
    reading.once('line', resolve).once('close', () => resolve(''));
    // Ctrl-C is for the command, which the terminal's own reader would keep from it.
    reading.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    reading.prompt();
  });
  reading.close();
  return answer;
}
