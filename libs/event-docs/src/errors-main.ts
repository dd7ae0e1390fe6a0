import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemPage } from './problem-page';

writeFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), problemPage());
