import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtOnce, cacheFolder } from '../cache';
import { writeConfig } from './config';
import { KAFKA_VERSION } from './jars';
import { clusterId, formatStorage } from './java';

const LOG = 'log';

/** Formats the directory as the tool of Kafka does, by copying what that made once on this machine; with a cluster id of its own. */
export async function newStorage(jars: string, dataDir: string): Promise<void> {
  // What is formatted does not depend on the ports.
  const made = await builtOnce(cacheFolder(join('kafka', `${KAFKA_VERSION}-storage`)), (folder) => formatStorage(jars, writeConfig(folder, { client: 9092, controller: 9093 }, {})));
  cpSync(join(made, LOG), join(dataDir, LOG), { recursive: true });
  const file = join(dataDir, LOG, 'meta.properties');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^cluster\.id=.*$/m, `cluster.id=${clusterId()}`));
}
