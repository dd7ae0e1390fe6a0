import type { RecordedEvent } from '@wami/contracts';
import type { EventBatch } from './event-log';
import type { MarkMove, MarkStore } from './marks/mark';

/**
 * Gives a batch to the handler and makes sure that its marks are saved: in the handler's transaction where it asks for that, else
 * after it, so that a handler without effects in the database need not care (its effects are then at least once).
 * @throws what the handler throws, and StalePosition
 */
export async function handOver(
  onBatch: (batch: EventBatch) => Promise<void>, events: readonly RecordedEvent[], moves: readonly MarkMove[], marks: MarkStore,
): Promise<void> {
  let saved = false;
  await onBatch({
    events, atRest: events,
    async savePosition(client) {
      if (!marks.transactional) return;
      await marks.save(moves, client);
      saved = true;
    },
  });
  if (!saved) await marks.save(moves);
}
