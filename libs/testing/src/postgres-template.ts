import { join } from 'node:path';
import { clusterKind, copyCluster, startEmbeddedPostgres } from '@wami/embedded-postgres';
import { builtOnce, cacheFolder } from './cache';
import { removeDirectory, temporaryDirectory } from './temporary-directory';

const CLUSTER = 'data';

/** Made where a server may run, that is below no private home, and kept in the cache. */
async function build(folder: string): Promise<void> {
  const directory = temporaryDirectory('postgres-template');
  const dataDir = join(directory, CLUSTER);
  try {
    await (await startEmbeddedPostgres({ dataDir, database: 'test', settings: { fsync: 'off' } })).stop();
    copyCluster(dataDir, join(folder, CLUSTER));
  } finally {
    removeDirectory(directory);
  }
}

/** Makes `dataDir` a data directory with an empty database `test`, as the product would make it, by copying one that is made once per machine. */
export async function newDataDirectory(dataDir: string): Promise<void> {
  copyCluster(join(await builtOnce(cacheFolder(`postgres-${clusterKind()}`), build), CLUSTER), dataDir);
}
