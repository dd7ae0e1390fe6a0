import { join } from 'node:path';
import { docsCommand, USAGE } from './docs-command';
import { Repository } from './repository';

const args = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
if (args.includes('--help')) say(USAGE);
else process.exitCode = docsCommand(new Repository(join(__dirname, '..', '..', '..')), args, say);
