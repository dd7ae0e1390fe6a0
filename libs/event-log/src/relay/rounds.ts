import type { Message } from 'kafkajs';

export interface PartitionMessages {
  readonly partition: number;
  readonly messages: readonly Message[];
}

/** Kafka's default limit is 1 MiB for a partition's batch, headers included. */
const MOST_BYTES = 700_000;

/**
 * What to send one after another so that no partition's batch grows too large: at most one batch per partition in a round, each
 * partition's messages in their order.
 */
export function roundsOf(messages: ReadonlyMap<number, readonly Message[]>): readonly PartitionMessages[][] {
  const rounds: PartitionMessages[][] = [];
  for (const [partition, all] of messages) {
    splitBySize(all).forEach((part, i) => (rounds[i] ??= []).push({ partition, messages: part }));
  }
  return rounds;
}

function splitBySize(messages: readonly Message[]): readonly Message[][] {
  const parts: Message[][] = [];
  let bytes = MOST_BYTES;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > MOST_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    bytes += size;
    parts.at(-1)?.push(message);
  }
  return parts;
}

function sizeOf({ key, value, headers = {} }: Message): number {
  let bytes = Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '') + 16;
  for (const [name, content] of Object.entries(headers)) bytes += name.length + (typeof content === 'string' ? Buffer.byteLength(content) : 0) + 4;
  return bytes;
}
