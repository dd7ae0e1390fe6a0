export interface Cidr {
  family: 4 | 6;
  /** The address with the bits behind the prefix cleared. */
  network: bigint;
  prefix: number;
}

/** An address or a range in CIDR notation; without a prefix it is the one address. Undefined where it is neither. */
export function readCidr(text: string): Cidr | undefined {
  const [address = '', prefixText, ...more] = text.split('/');
  if (more.length > 0) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const width = family === 4 ? 32 : 128;
  const bits = family === 4 ? readV4(address) : readV6(address);
  if (bits === undefined) return undefined;
  if (prefixText !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? width : Number(prefixText);
  if (prefix > width) return undefined;
  const host = BigInt(width - prefix);
  return { family, network: (bits >> host) << host, prefix };
}

/** True where all of `inner` lies in `outer`; an IPv4 address is in no IPv6 range. */
export function cidrHolds(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || inner.prefix < outer.prefix) return false;
  const host = BigInt((outer.family === 4 ? 32 : 128) - outer.prefix);
  return inner.network >> host === outer.network >> host;
}

/** One spelling per range. */
export function canonicalCidr({ family, network, prefix }: Cidr): string {
  const groups = family === 4
    ? [24n, 16n, 8n, 0n].map((shift) => String((network >> shift) & 255n)).join('.')
    : Array.from({ length: 8 }, (_, index) => ((network >> BigInt(112 - 16 * index)) & 65_535n).toString(16)).join(':');
  return `${groups}/${prefix}`;
}

function readV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function readV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1] ?? '', true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** Groups of 16 bits; the last of an address may be an IPv4 address. */
function readGroups(text: string, mayEndInV4: boolean): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const v4 = mayEndInV4 && last.includes('.') ? readV4(last) : undefined;
  const plain = v4 === undefined ? parts : parts.slice(0, -1);
  if (!plain.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  const groups = plain.map((part) => BigInt(`0x${part}`));
  return v4 === undefined ? groups : [...groups, v4 >> 16n, v4 & 65_535n];
}
