import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../program';
import { commandPage } from './command-page';

writeFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'cli-reference.md'), commandPage(createProgram()));
