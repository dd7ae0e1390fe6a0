import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runTool } from '../run-tool';
import type { KafkaFiles } from './config';

const HOW_TO_GET_JAVA = 'install a Java 17 runtime or newer (Debian: apt-get install default-jre-headless; macOS: brew install openjdk)';
const MEMORY = ['-Xms128m', '-Xmx256m'];

export function jvmArguments(jars: string, files: KafkaFiles, extra: readonly string[]): string[] {
  return [
    '-XX:+UseSerialGC',
    // A broker of a test lives for a minute: what the second compiler makes faster costs more than it saves.
    '-XX:TieredStopAtLevel=1',
    '-Xshare:auto',
    '-Djava.awt.headless=true',
    '-Djava.net.preferIPv4Stack=true',
    `-Dlog4j2.configurationFile=${files.logging}`,
    ...MEMORY,
    ...extra,
    '-cp',
    join(jars, '*'),
  ];
}

/** Fails with how to get Java when there is none. */
export function assertJava(): Promise<void> {
  return runTool('java', ['-version'], HOW_TO_GET_JAVA);
}

/** A new one. */
export function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id; // it would read as an option
}

export function formatStorage(jars: string, files: KafkaFiles): Promise<void> {
  const tool = ['kafka.tools.StorageTool', 'format', '--cluster-id', clusterId(), '--config', files.server, '--ignore-formatted'];
  return runTool('java', [...jvmArguments(jars, files, []), ...tool], HOW_TO_GET_JAVA);
}
