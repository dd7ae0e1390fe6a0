import { createInterface } from 'node:readline/promises';

/** Asks on `output`; anything but y or yes is no. */
export async function confirmed(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  const reading = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => reading.once('close', () => resolve('')));
  const answer = await Promise.race([reading.question(`${question} y/N `), closed]);
  reading.close();
  return /^y(es)?$/i.test(answer.trim());
}
