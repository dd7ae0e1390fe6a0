import { ProblemError } from '@wami/platform';

const ATTEMPTS = 5;

/** Somebody may be changing the same at that moment: `work`, which reads anew each time, is tried a few times. @throws what it threw the last time, and at once what is no VersionConflict */
export async function againWhenChanged<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'VersionConflict') || attempt >= ATTEMPTS) throw error;
    }
  }
}
