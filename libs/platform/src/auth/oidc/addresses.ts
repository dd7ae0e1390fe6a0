import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Which addresses may be connected to, beside public ones. Link-local addresses, where clouds serve credentials, never are. */
export interface AddressRule {
  /** Networks of a house: 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7. */
  readonly privateNetworks: boolean;
  readonly loopback: boolean;
}

const NEVER = [
  '0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24',
  // Azure's and Alibaba's metadata; AWS's has fd00:ec2::254 as well.
  '168.63.129.16/32', '100.100.100.200/32', 'fd00:ec2::/32', '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', '2001:db8::/32',
  // An IPv4 address in IPv6 clothes reaches what the bare one reaches; nobody publishes an issuer so.
  '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32', '::/96',
] as const;
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'] as const;
const LOOPBACK = ['127.0.0.0/8', '::1/128'] as const;

const [never, privates, loopback] = [NEVER, PRIVATE, LOOPBACK].map((ranges: readonly string[]) => {
  const list = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    const family = network.includes(':') ? 'ipv6' : 'ipv4';
    list[family].addSubnet(network, Number(bits), family);
  }
  return (ip: string): boolean => {
    const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
    return list[family].check(ip, family);
  };
}) as [(ip: string) => boolean, (ip: string) => boolean, (ip: string) => boolean];

/** Whether an IP address, as it would be connected to, may be. */
export function mayConnect(ip: string, rule: AddressRule): boolean {
  if (isIP(ip) === 0) return false;
  if (loopback(ip)) return rule.loopback;
  if (never(ip)) return false;
  return rule.privateNetworks || !privates(ip);
}

export class ForbiddenAddress extends Error {
  constructor(host: string) {
    super(`${host} is at an address that is not connected to: metadata and link-local ones never are, those of a private network where WAMI_OIDC_PRIVATE_NETWORK is true`);
  }
}

/** Resolves a name for a connection: what it hands out is what is connected to, so a name that changes meanwhile wins nothing. */
export function guardedLookup(rule: AddressRule, lookup: typeof resolve = resolve): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error) callback(error, '', 0);
      else if (!first || !addresses.every(({ address }) => mayConnect(address, rule))) callback(new ForbiddenAddress(hostname), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** A host that is an address already is never looked up. @throws ForbiddenAddress */
export function assertHost({ hostname }: URL, rule: AddressRule): void {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0 && !mayConnect(bare, rule)) throw new ForbiddenAddress(hostname);
}
