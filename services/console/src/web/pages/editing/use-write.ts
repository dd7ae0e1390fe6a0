import { useRef, useState } from 'preact/hooks';
import { ApiError, type Written } from '../../api/client';
import { errorTexts, type Texts } from './texts';

const NO_TEXTS: Texts = {};

export interface Writing {
  readonly error: Error | undefined;
  readonly wrong: Texts;
  /** Told before anything is sent. */
  readonly refuse: (wrong: Texts) => void;
  /** One at a time: what is asked while another is under way is that one. */
  readonly write: (request: string, send: (written: Pick<Written, 'key'>) => Promise<void>) => void;
}

/** What came of the last write of a form. A request that got no answer is asked again under its key, so that it is done once. */
export function useWrite(fields: readonly { readonly name: string }[]): Writing {
  const attempt = useRef<{ readonly request: string; readonly key: string } | undefined>(undefined);
  const busy = useRef(false);
  const [error, setError] = useState<Error>();
  const [wrong, setWrong] = useState<Texts>(NO_TEXTS);
  const refused = (failed: unknown): void => {
    const problem = failed instanceof ApiError ? failed.problem : undefined;
    if (problem && problem.status < 500 && problem.code !== 'IdempotencyInProgress') attempt.current = undefined;
    setError(failed as Error);
    setWrong(errorTexts(fields, problem?.errors ?? []));
  };
  return {
    error, wrong,
    refuse: (texts) => {
      setError(undefined);
      setWrong(texts);
    },
    write: (request, send) => {
      if (busy.current) return;
      busy.current = true;
      setError(undefined);
      setWrong(NO_TEXTS);
      if (attempt.current?.request !== request) attempt.current = { request, key: crypto.randomUUID() };
      void send({ key: attempt.current.key }).catch(refused).finally(() => { busy.current = false; });
    },
  };
}
