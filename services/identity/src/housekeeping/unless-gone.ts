import { ProblemError } from '@wami/platform';

/** For work on what somebody else may have deleted meanwhile: then it is done. */
export async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'NotFound')) throw error;
  }
}
