import { createServer, type Server } from 'node:http';
import { Socket, type AddressInfo, type LookupFunction } from 'node:net';
import { guardedLookup, type AddressRule } from './addresses';
import { fetchJson } from './fetch-json';

const PUBLIC: AddressRule = { privateNetworks: false, loopback: false };
const FORBIDDEN = [
  '127.0.0.1', '127.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1', '127.0.0.1.', '0', '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]', '[::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::]', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '169.254.170.2',
  '169.254.43518', '１６９.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '100.100.100.200', '168.63.129.16', '10.0.0.1', '172.16.0.1', '172.31.255.254', '192.168.1.1', '100.64.0.1',
  '[fc00::1]', '[fd12:3456::1]', '224.0.0.1', '255.255.255.255', 'localhost', 'issuer.rebinds.test', 'issuer.mixed.test', 'issuer.inside.test', 'issuer.metadata.test',
];

/** What names mean; one that rebinds is public the first time and never again. */
function names(): Parameters<typeof guardedLookup>[1] {
  const answers: Readonly<Record<string, readonly string[]>> = {
    localhost: ['127.0.0.1'], 'issuer.mixed.test': ['93.184.215.14', '127.0.0.1'], 'issuer.inside.test': ['10.1.2.3'], 'issuer.metadata.test': ['169.254.169.254'], 'issuer.rebinds.test': ['127.0.0.1'],
  };
  const lookup = (host: string, _options: object, done: (error: Error | null, found: { address: string; family: number }[]) => void): void => {
    const found = answers[host] ?? [];
    done(found.length === 0 ? new Error('ENOTFOUND') : null, found.map((address) => ({ address, family: 4 })));
  };
  return lookup as Parameters<typeof guardedLookup>[1];
}

describe('assurance test 22: addresses of an issuer', () => {
  let server: Server;
  let port: number;
  let connections = 0;
  const attempts: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
      else response.end('{"reached":true}');
    });
    server.on('connection', () => { connections++; });
    await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
    port = (server.address() as AddressInfo).port;
    const emit = Socket.prototype.emit;
    jest.spyOn(Socket.prototype, 'emit').mockImplementation(function (this: Socket, ...parts: Parameters<typeof emit>) {
      const [event, ip] = parts as unknown[];
      if (event === 'connectionAttempt') attempts.push(String(ip));
      return emit.apply(this, parts);
    } as typeof emit);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await new Promise((closed) => { server.close(closed); });
  });
  beforeEach(() => {
    [connections, attempts.length] = [0, 0];
  });

  const read = (host: string, rule: AddressRule, path = '/', lookup: LookupFunction = guardedLookup(rule, names())): Promise<unknown> =>
    fetchJson(`http://${host}:${port}${path}`, { rule, lookup }).then(() => 'reached', (error: unknown) => (error as Error).message);

  it('that are forbidden are never connected to, in whatever form', async () => {
    const results = await Promise.all(FORBIDDEN.map((host) => read(host, PUBLIC)));
    console.log(`issuer addresses: payloads ${FORBIDDEN.length}, connects ${connections + attempts.length}`);
    expect(results.filter((result) => result === 'reached')).toEqual([]);
    expect([connections, attempts]).toEqual([0, []]);
  });

  it('control: a lookup that is not guarded connects, and is seen to', async () => {
    const careless: LookupFunction = (_host, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
    expect(await read('issuer.rebinds.test', PUBLIC, '/', careless)).toBe('reached');
    expect([connections, attempts]).toEqual([1, ['127.0.0.1']]);
  });

  it('are those that the operator allows: this machine, or his private network, but never metadata', async () => {
    const mine: AddressRule = { privateNetworks: true, loopback: true };
    expect([await read('127.0.0.1', mine), await read('localhost', mine)]).toEqual(['reached', 'reached']);
    for (const host of ['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', 'issuer.metadata.test', '[::ffff:127.0.0.1]']) {
      expect(await read(host, mine)).toContain('not connected to');
    }
    expect(attempts).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('to which another one redirects are not followed', async () => {
    expect(await read('127.0.0.1', { privateNetworks: true, loopback: true }, '/redirect')).toContain('it answered 302');
    expect(attempts).toEqual(['127.0.0.1']);
  });
});
