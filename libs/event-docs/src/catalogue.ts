import { ALL_EVENTS, SYNC_CHECK_EVENTS, SYNC_EVENTS, SYNC_APPROVAL_EVENTS, SYNC_DRIFT_EVENTS, SYNC_IMPORT_EVENTS, SYNC_REPAIR_EVENTS, SYNC_TARGET_EVENTS, TOPICS, type Topic } from '@wami/contracts';
import type { z } from 'zod';
import { MEANINGS } from './words';

/** One published type and version, as subscribers are told of it. */
export interface PublishedEvent {
  readonly type: string;
  readonly aggregate: string;
  readonly version: number;
  readonly topic: Topic;
  readonly meaning: string;
  /** Whether somebody wrote what it means; else the meaning is made of its name. */
  readonly described: boolean;
  readonly data: z.ZodType;
  readonly personal: z.ZodType;
}

type Definition = Pick<PublishedEvent, 'type' | 'data' | 'personal'>;
const OUTCOMES: ReadonlySet<string> = new Set([...SYNC_EVENTS, ...SYNC_IMPORT_EVENTS, ...SYNC_REPAIR_EVENTS, ...SYNC_APPROVAL_EVENTS, ...SYNC_DRIFT_EVENTS, ...SYNC_TARGET_EVENTS, ...SYNC_CHECK_EVENTS].map(({ type }) => type));

/** Every published event in the order of the contracts' table; nothing else says which events there are. */
export function catalogue(definitions: readonly Definition[] = ALL_EVENTS): readonly PublishedEvent[] {
  return definitions.map(({ type, data, personal }) => {
    const [, aggregate = '', what = '', version = ''] = /^wami\.([a-z-]+)\.([a-z-]+)\.v(\d+)$/.exec(type) ?? [];
    const words = data.description ?? MEANINGS[type];
    return {
      type, aggregate, version: Number(version), topic: OUTCOMES.has(type) ? TOPICS.sync : TOPICS.identity,
      meaning: words ?? `${aggregate.replace(/-/g, ' ')}: ${what.replace(/-/g, ' ')}.`, described: words !== undefined, data, personal,
    };
  });
}
