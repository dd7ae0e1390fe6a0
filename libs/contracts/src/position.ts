/** A place in one source's event table: `<transaction>.<position>`, both decimal. Ordered by transaction, then position. */
export type LogPosition = string;

export const LOG_START: LogPosition = '0.0';

/** Numeric order of two places of one source; transactions are compared as numbers, never as text. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  const [aTx = '', aPos = ''] = a.split('.');
  const [bTx = '', bPos = ''] = b.split('.');
  return compareDecimal(aTx, bTx) || compareDecimal(aPos, bPos);
}

function compareDecimal(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function laterPosition(a: LogPosition, b: LogPosition): LogPosition {
  return comparePositions(a, b) >= 0 ? a : b;
}

/** Source name -> place. What leaves a service is this, sealed by `encodePosition`. */
export type PositionVector = Readonly<Record<string, LogPosition>>;

/** The opaque text that callers keep (`Wami-Position`, `after`, `Last-Event-ID`). */
export function encodePosition(vector: PositionVector): string {
  const sorted = Object.entries(vector).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(sorted)).toString('base64url');
}

/** The vector inside, or undefined where the text is not one of ours. */
export function decodePosition(text: string): PositionVector | undefined {
  if (text.length > 4096) return undefined;
  try {
    const entries: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(entries) || !entries.every(isEntry)) return undefined;
    return Object.fromEntries(entries);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string' && /^\d{1,20}\.\d{1,20}$/.test(value[1]);
}
