import { connect } from 'node:net';
import { GROUP_PARTITIONS } from './config';

const TIMEOUT_MS = 2_000;
const METADATA = { key: 3, version: 1 };
const FIND_COORDINATOR = { key: 10, version: 1 };
const OFFSET_FETCH = { key: 9, version: 2 };
const COORDINATOR_TYPES = [0, 1]; // group, transaction

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function frame(api: { key: number; version: number }, body: Buffer): Buffer {
  const header = Buffer.alloc(10);
  header.writeInt16BE(api.key, 0);
  header.writeInt16BE(api.version, 2);
  header.writeInt32BE(1, 4); // correlation id
  header.writeInt16BE(-1, 8); // no client id
  return Buffer.concat([int32(header.length + body.length), header, body]);
}

/** The body of the answer, or undefined when none came in time. */
function ask(port: number, api: { key: number; version: number }, body: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    const finish = (answer?: Buffer): void => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(TIMEOUT_MS, () => finish());
    socket.once('error', () => finish());
    socket.once('close', () => finish());
    socket.once('connect', () => socket.write(frame(api, body)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) finish(received.subarray(8));
    });
  });
}

async function hasBroker(port: number): Promise<boolean> {
  const answer = await ask(port, METADATA, int32(0));
  return answer !== undefined && answer.readInt32BE(0) >= 1;
}

async function hasCoordinator(port: number, type: number): Promise<boolean> {
  const answer = await ask(port, FIND_COORDINATOR, Buffer.concat([string('0'), Buffer.from([type])]));
  return answer !== undefined && answer.readInt16BE(4) === 0;
}

/** One-character group names spread over the partitions, because their hash is the character's code. */
async function hasLoadedGroups(port: number, partition: number): Promise<boolean> {
  const group = String.fromCharCode('0'.charCodeAt(0) + partition);
  const answer = await ask(port, OFFSET_FETCH, Buffer.concat([string(group), int32(-1)]));
  return answer !== undefined && answer.readInt16BE(answer.length - 2) === 0;
}

/**
 * Whether clients can work at once: a broker is announced and every coordinator has loaded its partitions. Without the latter
 * the first consumer crashes once with "coordinator is loading".
 */
export async function isReady(port: number): Promise<boolean> {
  if (!(await hasBroker(port))) return false;
  for (const type of COORDINATOR_TYPES) if (!(await hasCoordinator(port, type))) return false;
  for (let partition = 0; partition < GROUP_PARTITIONS; partition++) if (!(await hasLoadedGroups(port, partition))) return false;
  return true;
}
