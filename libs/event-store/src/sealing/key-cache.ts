import type { SubjectKey, SubjectKeys } from './subject-keys';

export interface KeyCacheLimits {
  /** How long a key is believed, so that a destroyed one is forgotten everywhere. */
  readonly ttlMs: number;
  readonly keys: number;
}

/** Asked for at a time. */
export const MOST_ASKED = 1000;
const LIMITS: KeyCacheLimits = { ttlMs: 45_000, keys: 100_000 };

interface Known {
  readonly key: SubjectKey;
  readonly until: number;
}

/** Keys that were found a short while ago. The oldest make room for the newest. */
export class KeyCache implements SubjectKeys {
  private readonly known = new Map<string, Known>();
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

  keep(subject: string, key: SubjectKey): void {
    this.known.delete(subject);
    this.known.set(subject, { key, until: this.now() + this.limits.ttlMs });
    if (this.known.size <= this.limits.keys) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }

  forget(subjects: readonly string[]): void {
    if (subjects.length > 0) this.forgotten++;
    for (const subject of subjects) this.known.delete(subject);
  }

  private async ask(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const before = this.forgotten;
    const answer = await this.source.find(subjects);
    // An answer that was on its way while a key was forgotten may still hold it.
    if (before === this.forgotten) for (const [subject, key] of answer) this.keep(subject, key);
    return answer;
  }
}
