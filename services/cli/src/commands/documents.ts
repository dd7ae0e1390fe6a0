import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CliError, EXIT } from '../exit-codes';

const STDIN = 0;

/** What a file holds, `-` for stdin. @throws CliError where it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? STDIN : file, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.usage, `${file === '-' ? 'stdin' : file} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : 'no reason given'}`);
  }
}

/** A policy document from a file of JSON or YAML, `-` for stdin. @throws CliError where it cannot be read */
export function readDocument(file: string): object {
  const name = file === '-' ? 'stdin' : file;
  const text = readText(file);
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new CliError(EXIT.usage, `${name} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : 'no reason given'}`);
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document;
  throw new CliError(EXIT.usage, `${name} holds no policy document.`, 'Write a JSON object with Version and Statement.');
}
