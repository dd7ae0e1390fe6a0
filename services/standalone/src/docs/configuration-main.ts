import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from './configuration-page';

const PAGE = join(__dirname, '..', '..', '..', '..', 'docs', 'configuration.md');
writeFileSync(PAGE, configurationPage(readFileSync(PAGE, 'utf8')));
