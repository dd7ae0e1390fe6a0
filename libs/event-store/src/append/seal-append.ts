import type { PersonalData } from '../sealing/personal-data';
import type { PreparedAppend } from './prepared-append';

/**
 * The append with `personal` sealed, and with the keys that must be made for it. What somebody reads of the events that were written is
 * not sealed; nothing is left of it where the subject's key is gone. `anew`: the subject may have a key although its stream is new.
 * @throws KeysUnavailable
 */
export async function sealAppend(prepared: PreparedAppend, personal: PersonalData | undefined, anew: boolean): Promise<PreparedAppend> {
  if (!personal || prepared.events.every((event) => event.personal === '{}')) return prepared;
  // A new stream about somebody who has one already finds a key of his.
  const isNew = prepared.append.expectedVersion === 0 && prepared.events.every(({ event: { key, stream } }) => key === stream);
  const sealed = await personal.seal(prepared.events, !anew && isNew);
  const events = prepared.events.map((one, i) => {
    const value = JSON.stringify(sealed.personal[i] ?? {});
    return { ...one, personal: value, event: value === '{}' ? { ...one.event, personal: {} } : one.event };
  });
  const subjects = sealed.made.map(({ subject }) => `subject ${subject}`);
  return { ...prepared, events, subjectKeys: sealed.made, writes: [...prepared.writes, ...subjects] };
}
