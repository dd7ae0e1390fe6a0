import { join } from 'node:path';
import { readConfig, silentLogger } from '@wami/platform';
import { newDataDirectory, removeDirectory, temporaryDirectory } from '@wami/testing';
import { standaloneConfigSchema } from '../config';
import { startStandalone, type Standalone } from '../start-standalone';

interface Options {
  readonly name: string;
  readonly token: string;
  /** What else stands in its environment. */
  readonly env?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

/** All of WAMI in the test's own process, for every test of the file: in a data directory of its own, with the sandbox of AWS and this administrator's token. */
export function standaloneForAll({ name, token, env = () => ({}) }: Options): () => Standalone {
  const dataDir = temporaryDirectory(name);
  let standalone: Standalone | undefined;
  beforeAll(async () => {
    await newDataDirectory(join(dataDir, 'postgres'));
    standalone = await startStandalone(readConfig(standaloneConfigSchema, { WAMI_DATA_DIR: dataDir, WAMI_SANDBOXES: 'aws', WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: token, ...await env() }), silentLogger);
  });
  afterAll(async () => {
    await standalone?.close();
    removeDirectory(dataDir);
  });
  return () => {
    if (!standalone) throw new Error('it has not started');
    return standalone;
  };
}
