/** Kafka topics. Published names never change meaning. */
export const TOPICS = { identity: 'wami.identity.v1', sync: 'wami.sync.v1', deadLetter: 'wami.deadletter.v1' } as const;
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** What writes events: the identity service, and one sync service per provider (`sync-aws`). */
export type Source = string;

export function topicOfSource(source: Source): Topic {
  return source === 'identity' ? TOPICS.identity : TOPICS.sync;
}

/** Whether a name is of WAMI's own topics, or of those that it or Kafka keep for themselves: nobody else writes there. */
export const isReservedTopic = (topic: string): boolean => /^(wami[._-]|__)/i.test(topic);
