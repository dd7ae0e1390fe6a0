import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, silentLogger } from '@wami/platform';
import { standaloneConfigSchema } from '../config';
import { startStandalone } from '../start-standalone';
import { apiPage, type ApiDocument } from './api-page';

/** Starts everything for a moment: the document is what a running WAMI says of itself. */
async function writeApiPage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wami-docs-'));
  chmodSync(folder, 0o755); // a PostgreSQL that root starts runs as somebody else
  try {
    const wami = await startStandalone(readConfig(standaloneConfigSchema, { WAMI_DATA_DIR: join(folder, 'data'), WAMI_HTTP_PORT: '0' }), silentLogger);
    const document = await (await fetch(`${wami.url}/openapi.json`)).json() as ApiDocument;
    writeFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'api.md'), apiPage(document));
    await wami.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void writeApiPage();
