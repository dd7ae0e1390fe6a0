import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnTied, waitForExit, type TiedProcess } from '@wami/embedded-postgres';
import { writeConfig, type KafkaCredentials, type KafkaPorts } from './config';
import { jvmArguments } from './java';
import { isReady } from './probe';
import { newStorage } from './storage';

const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
const GRACE_MS = 15_000;
const KEPT_LINES = 8;

export interface BrokerOptions {
  readonly dataDir: string;
  readonly jars: string;
  readonly ports: KafkaPorts;
  readonly properties?: Readonly<Record<string, string>>;
  readonly credentials?: KafkaCredentials | undefined;
  readonly jvm?: readonly string[];
}

export class PortTakenError extends Error {}

function failure(reason: string, logFile: string): Error {
  const log = readFileSync(logFile, 'utf8');
  const telling = log.split('\n').filter((line) => / (ERROR|FATAL) |Exception|^Error/.test(line));
  const message = `Kafka ${reason}; ${logFile}:\n${telling.slice(0, KEPT_LINES).join('\n')}`;
  return /Address already in use|BindException/.test(log) ? new PortTakenError(message) : new Error(message);
}

async function waitUntilReady(broker: TiedProcess, port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let started = false;
  while (!started || !(await isReady(port))) {
    if (broker.hasExited()) throw failure(`ended: ${JSON.stringify(await broker.exited)}`, logFile);
    if (Date.now() > deadline) throw failure(`was not ready within ${READY_TIMEOUT_MS / 1000} s`, logFile);
    await sleep(POLL_MS);
    started ||= readFileSync(logFile, 'utf8').includes('Kafka Server started');
  }
}

/** Formats the directory when it is new, and resolves when clients can work. */
export async function startBroker(options: BrokerOptions): Promise<TiedProcess> {
  const { dataDir, jars, ports } = options;
  const files = writeConfig(dataDir, ports, options.properties ?? {}, options.credentials);
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) await newStorage(jars, dataDir);
  const logFile = join(dataDir, `broker-${Date.now()}.log`);
  const output = openSync(logFile, 'a');
  const args = [...jvmArguments(jars, files, options.jvm ?? []), 'kafka.Kafka', files.server];
  const broker = spawnTied({ command: 'java', args, cwd: dataDir, onParentDeath: 'kill', output });
  closeSync(output);
  try {
    await waitUntilReady(broker, ports.client, logFile);
    return broker;
  } catch (error) {
    await killBroker(broker);
    throw error;
  }
}

export async function killBroker(broker: TiedProcess): Promise<void> {
  if (!broker.hasExited()) broker.child.kill('SIGKILL');
  if (!(await waitForExit(broker, GRACE_MS))) throw new Error(`Kafka process ${broker.pid} does not end, even by SIGKILL`);
}

/** In order, so that the logs are closed; by SIGKILL when that takes too long. */
export async function stopBroker(broker: TiedProcess): Promise<void> {
  if (!broker.hasExited()) broker.child.kill('SIGTERM');
  if (!(await waitForExit(broker, GRACE_MS))) await killBroker(broker);
}
