import type { ComponentChildren, JSX } from 'preact';
import { ApiError } from '../api/client';

/** One sentence, then what to do about it: never a blank table. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }): JSX.Element {
  return <div class="empty"><p class="lead">{title}</p>{children}</div>;
}

/** A command that does the same from a terminal. */
export function Command({ line }: { readonly line: string }): JSX.Element {
  return <code class="command">{line}</code>;
}

/** A text in which code stands between backticks, as in the texts of the API. */
export function Prose({ text }: { readonly text: string }): JSX.Element {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}

/** What could not be read, and why; beside what was read before. */
export function Trouble({ error }: { readonly error: Error | undefined }): JSX.Element {
  return <div role="alert">{error && <p class="trouble"><strong>{titleOf(error)}</strong> {error.message}{requestOf(error)}</p>}</div>;
}

function titleOf(error: Error): string {
  if (!(error instanceof ApiError)) return 'The answer could not be read.';
  return error.status === 403 ? 'Your role does not allow this.' : error.problem?.code ?? 'No answer.';
}

function requestOf(error: Error): JSX.Element | undefined {
  const id = error instanceof ApiError ? error.problem?.requestId : undefined;
  return id === undefined ? undefined : <> <span class="quiet">Request {id}</span></>;
}
