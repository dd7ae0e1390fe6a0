import { isSealed, type NewEvent, type RecordedEvent, type SealedPersonal } from '@wami/contracts';
import { KeyCache, type KeyCacheLimits } from './key-cache';
import { openValue, sealValue } from './sealed-value';
import type { KeyMaker, NewSubjectKey, Owned, SubjectKeys } from './subject-keys';

/** An event about to be stored. `personal` is JSON. */
export interface Unsealed {
  readonly event: NewEvent;
  readonly id: string;
  readonly personal: string;
}

export interface Sealed {
  /** Of each event, in their order; `{}` where there is nothing personal, or where the subject's key is gone. */
  readonly personal: readonly (SealedPersonal | Record<string, never>)[];
  /** To be stored together with the events. */
  readonly made: readonly NewSubjectKey[];
}

export interface PersonalDataOptions {
  readonly keys: SubjectKeys;
  /** Identity's; without it what is about a subject that has no key is left out. */
  readonly maker?: KeyMaker;
  readonly limits?: KeyCacheLimits;
}

/** Its subject's key was destroyed. */
const ERASED = 'wami.subject.erased.v1';
const NOTHING = '{}';

/** Seals and opens `personal`, each subject's under a key of its own. The subject of an event is the resource that it is about: its `key`. */
export class PersonalData {
  private readonly cache: KeyCache;

  /** For other threads and processes: remembered and forgotten together with these. */
  get keys(): SubjectKeys {
    return this.cache;
  }

  constructor(private readonly options: PersonalDataOptions) {
    this.cache = options.keys instanceof KeyCache ? options.keys : new KeyCache(options.keys, options.limits);
  }

  /** For the other services of this process: the same keys, remembered and forgotten together, and none is made. */
  withoutMaker(): PersonalData {
    return new PersonalData({ keys: this.cache });
  }

  /**
   * The events with `personal` opened, and `{}` where the subject's key is gone. What was never sealed stays as it is; so does what no
   * key opens, and no schema takes that.
   * @throws KeysUnavailable
   */
  async open<E extends RecordedEvent>(events: readonly E[]): Promise<readonly E[]> {
    this.forget(events.filter(({ type }) => type === ERASED).map(({ key }) => key));
    const sealed = events.filter(({ personal }) => isSealed(personal));
    if (sealed.length === 0) return events;
    const keys = await this.cache.find([...new Set(sealed.map(({ key }) => key))]);
    return events.map((event) => {
      const key = isSealed(event.personal) ? keys.get(event.key) : undefined;
      if (key === undefined || !isSealed(event.personal)) return event;
      const personal = key === 'gone' ? {} : openValue(key, { subject: event.key, eventId: event.id }, event.personal);
      return personal === undefined ? event : { ...event, personal };
    });
  }

  /** Has the keys of these subjects at hand for a while, so that sealing something about them waits for nobody. @throws KeysUnavailable */
  async hold(subjects: readonly string[]): Promise<void> {
    await this.cache.findStanding(subjects);
  }

  /**
   * @param isNew nothing about the subjects was stored before, so they are not asked for; where that is not so, storing fails by `SubjectKeyTaken`
   * @throws KeysUnavailable
   */
  async seal(events: readonly Unsealed[], isNew: boolean): Promise<Sealed> {
    const owners = ownersOf(events.filter(({ personal }) => personal !== NOTHING));
    const { maker } = this.options;
    const subjects = owners.map(({ subject }) => subject);
    // Who makes keys has to know of each; the others hear of a subject's first key with the first event that it sealed.
    const known = new Map(isNew && maker ? [] : await (maker ? this.cache.find(subjects) : this.cache.findStanding(subjects)));
    const made = maker ? await maker.make(owners.filter(({ subject }) => !known.has(subject))) : [];
    for (const { subject, key } of made) known.set(subject, key);
    const personal = events.map(({ event, id, personal: plain }) => {
      const key = plain === NOTHING ? undefined : known.get(event.key);
      return key === undefined || key === 'gone' ? {} : sealValue(key, { subject: event.key, eventId: id }, plain);
    });
    return { personal, made };
  }

  /** They are stored now. */
  keep(made: readonly NewSubjectKey[]): void {
    for (const { subject, key } of made) this.cache.keep(subject, key);
  }

  /** Their keys were destroyed, or are others than was thought. */
  forget(subjects: readonly string[]): void {
    this.cache.forget(subjects);
  }
}

function ownersOf(events: readonly Unsealed[]): Owned[] {
  return [...new Map(events.map(({ event: { key, tenant } }) => [key, { subject: key, tenant }])).values()];
}
