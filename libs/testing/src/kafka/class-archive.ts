import { join } from 'node:path';
import { builtOnce, cacheFolder } from '../cache';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';
import { startBroker, stopBroker } from './broker';
import { KAFKA_VERSION } from './jars';
import { freeKafkaPorts } from './ports';

const FILE = 'broker.jsa';

async function record(jars: string, archive: string): Promise<void> {
  const dataDir = temporaryDirectory('kafka-archive');
  try {
    const ports = await freeKafkaPorts();
    await stopBroker(await startBroker({ dataDir, jars, ports, jvm: [`-XX:ArchiveClassesAtExit=${archive}`] }));
  } finally {
    removeDirectory(dataDir);
  }
}

/** A class-data archive of a started broker, recorded once per machine (about 20 s): a start then takes less than half the time. */
export async function classArchive(jars: string): Promise<string> {
  const folder = cacheFolder(join('kafka', `${KAFKA_VERSION}-classes`));
  return join(await builtOnce(folder, (target) => record(jars, join(target, FILE))), FILE);
}
