import { describeError, type Logger } from '@wami/platform';

/** Keeps every line of every level as it would be written, and more: errors with all that hangs on them. */
export function recordingLogger(lines: string[], bound: object = {}): Logger {
  const keep = (fields: object, message: string): void => {
    lines.push(JSON.stringify({ ...bound, ...fields, message }, (_, value: unknown) => (value instanceof Error ? { ...value, ...describeError(value), stack: value.stack } : value)));
  };
  return { debug: keep, info: keep, warn: keep, error: keep, child: (fields) => recordingLogger(lines, { ...bound, ...fields }) };
}
