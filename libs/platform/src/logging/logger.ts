import pino from 'pino';

/** Structured log. Ids only: no secret and no personal value may be passed. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

const LEVELS = ['debug', 'info', 'warn', 'error'];

/**
 * JSON lines on stderr; stdout belongs to the ready line. Known carriers of secrets are blanked whatever is passed. An unknown level is `info`, so
 * that a start can say in its own words that it is unknown.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level: LEVELS.includes(level) ? level : 'info', base: { service }, timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['authorization', '*.authorization', 'password', '*.password', 'token', '*.token', 'secret', '*.secret', 'connectionString'], censor: '***' },
    formatters: { level: (label) => ({ level: label }) },
  }, pino.destination({ fd: 2, sync: false }));
}

export const silentLogger: Logger = {
  debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silentLogger,
};

/** What may be told of an unexpected error: class, code and message; never parameters, details or headers. */
export function describeError(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: 'unknown error' };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { error: `${error.name}: ${error.message.split('\n')[0] ?? ''}`.slice(0, 500), ...code };
}
