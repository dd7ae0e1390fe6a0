import { Partitioners } from 'kafkajs';

const partitioner = Partitioners.DefaultPartitioner();

/** Where the events of a key go: murmur2 of the key modulo the number of partitions, as Java's producer computes it. */
export function partitionOf(key: string, partitions: number): number {
  const partitionMetadata = metadata(partitions);
  return partitioner({ topic: '', partitionMetadata, message: { key, value: null } });
}

type Metadata = Parameters<typeof partitioner>[0]['partitionMetadata'];
const known = new Map<number, Metadata>();

function metadata(partitions: number): Metadata {
  const made = known.get(partitions)
    ?? Array.from({ length: partitions }, (_, partitionId) => ({ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] }));
  known.set(partitions, made);
  return made;
}
