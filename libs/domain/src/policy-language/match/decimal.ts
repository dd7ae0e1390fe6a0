const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

interface Decimal {
  units: bigint;
  /** Digits after the point. */
  scale: number;
}

function readDecimal(text: string): Decimal | undefined {
  const found = DECIMAL.exec(text.trim());
  if (!found) return undefined;
  const [, sign, whole = '', fraction = ''] = found;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text.trim());
}

/** Exact at any size: negative, zero or positive; undefined where either is no decimal number. */
export function compareDecimals(left: string, right: string): number | undefined {
  const a = readDecimal(left);
  const b = readDecimal(right);
  if (!a || !b) return undefined;
  const scale = Math.max(a.scale, b.scale);
  const difference = scaled(a, scale) - scaled(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** One spelling per number: `+07.50` and `7.5` read the same. Text that is no number stays. */
export function canonicalDecimal(text: string): string {
  const found = DECIMAL.exec(text.trim());
  if (!found) return text;
  const [, sign, whole = '', fraction = ''] = found;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  const number = rest ? `${digits}.${rest}` : digits;
  return sign === '-' && number !== '0' ? `-${number}` : number;
}

function scaled({ units, scale }: Decimal, to: number): bigint {
  return units * 10n ** BigInt(to - scale);
}
