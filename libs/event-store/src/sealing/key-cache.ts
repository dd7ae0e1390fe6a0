import type { SubjectKey, SubjectKeys } from './subject-keys';

export interface KeyCacheLimits {
  /** How long a key is believed, so that a destroyed one is forgotten everywhere. */
  readonly ttlMs: number;
  /** How long it is believed of a subject that it has no key; only one that comes to have its first one meanwhile is done wrong. */
  readonly noneMs: number;
  readonly keys: number;
}

/** Asked for at a time. */
export const MOST_ASKED = 1000;
const LIMITS: KeyCacheLimits = { ttlMs: 45_000, noneMs: 5_000, keys: 100_000 };

interface Known {
  readonly key: SubjectKey;
  readonly until: number;
}

/** Keys that were found a short while ago. The oldest make room for the newest. */
export class KeyCache implements SubjectKeys {
  private readonly known = new Map<string, Known>();
  /** Subjects that have no key, and until when that is believed. */
  private readonly none = new Map<string, number>();
  private forgotten = 0;

  constructor(private readonly source: SubjectKeys, private readonly limits: KeyCacheLimits = LIMITS, private readonly now: () => number = () => performance.now()) {}

  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const found = new Map<string, SubjectKey>();
    const unknown: string[] = [];
    const now = this.now();
    for (const subject of subjects) {
      const known = this.known.get(subject);
      if (known && known.until > now) found.set(subject, known.key);
      else unknown.push(subject);
    }
    for (let i = 0; i < unknown.length; i += MOST_ASKED) {
      for (const [subject, key] of await this.ask(unknown.slice(i, i + MOST_ASKED))) found.set(subject, key);
    }
    return found;
  }

  /** As `find`; who had no key a moment ago is not asked for again. */
  findStanding(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const now = this.now();
    return this.find(subjects.filter((subject) => (this.none.get(subject) ?? -Infinity) <= now));
  }

  keep(subject: string, key: SubjectKey): void {
    this.none.delete(subject);
    put(this.known, subject, { key, until: this.now() + this.limits.ttlMs }, this.limits.keys);
  }

  forget(subjects: readonly string[]): void {
    if (subjects.length > 0) this.forgotten++;
    for (const subject of subjects) {
      this.known.delete(subject);
      this.none.delete(subject);
    }
  }

  private async ask(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const before = this.forgotten;
    const answer = await this.source.find(subjects);
    // An answer that was on its way while a key was forgotten may still hold it.
    if (before !== this.forgotten) return answer;
    for (const subject of subjects) {
      const key = answer.get(subject);
      if (key !== undefined) this.keep(subject, key);
      else if (!this.known.has(subject)) put(this.none, subject, this.now() + this.limits.noneMs, this.limits.keys);
    }
    return answer;
  }
}

/** As the newest of at most so many. */
function put<T>(map: Map<string, T>, subject: string, value: T, most: number): void {
  map.delete(subject);
  map.set(subject, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
