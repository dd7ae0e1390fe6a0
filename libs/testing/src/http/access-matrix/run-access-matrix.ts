import { apiOperations, type ApiOperation } from './api-operations';
import { buildRequest, placesOf, type BuiltRequest } from './build-request';
import { send, shapeOf, type Answered } from './call';
import { canaryIn, onStream, withForeignCursor, withForeignIdempotencyKey } from './leaks-elsewhere';
import type { MatrixWorld } from './matrix-world';
import { unknownSide, type Side } from './sides';

export interface AccessMatrixOptions {
  readonly world: MatrixWorld;
  /** Where the services are asked, by whatever way; each serves its `/openapi.json`. */
  readonly origins: readonly string[];
  readonly administrator: string;
  /** Which role may do what: `{ viewer: ['read'] }`. Told apart from what the services go by, like `accessOf`, so that a mistake there is found. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Whom an operation should be for: `configure of tenant`. */
  readonly accessOf: (operation: Pick<ApiOperation, 'name' | 'method' | 'path' | 'query'>) => string;
  /** Operations that are open to everyone. */
  readonly publicOperations: readonly string[];
  /** Operations that their own tenant's administrator is not answered with success, and what instead. */
  readonly unsuccessful?: Readonly<Record<string, number>>;
  /** Lists of which the other tenant has no second page, because nobody can make things for it at will. */
  readonly onePaged?: readonly string[];
  /** Whom to be; default: everyone there is. */
  readonly callers?: readonly ('nobody' | 'stranger' | 'owner')[];
  /** Each operation once by nobody, by an administrator of another tenant, by a viewer of a child and by two of its own: where all else is judged beside. */
  readonly brief?: boolean;
  /** Which operations to call; default: all. */
  readonly probed?: (operation: Pick<ApiOperation, 'name'>) => boolean;
}

export interface AccessMatrixReport {
  readonly operations: number;
  readonly probes: number;
  /** What somebody got or learnt that he must not; also: was refused what is his. */
  readonly leaks: readonly string[];
}

interface Caller {
  readonly name: string;
  readonly role: string;
  readonly token: string;
  readonly own: Side;
}

const PARALLEL = 8;
const EXPIRES_MS = 500;
/** Who may least and who may most. */
const EXTREMES = ['viewer', 'admin'];
/** What may come with a write, and must not make its answer tell more; by who may least and who may most of another tenant. */
const WITH_WRITES: readonly Readonly<Record<string, string>>[] = [{}, { 'if-match': '"1"', prefer: 'wait=1' }, { 'if-match': '*' }];

/**
 * Assurance test 8: every operation as every role of its own tenant, as two of another one and of a child of the other one, and as nobody. Whoever names
 * what is not his gets the same answer as for what does not exist, in status, headers and text, learns nothing of it, and changes nothing.
 */
export async function runAccessMatrix(options: AccessMatrixOptions): Promise<AccessMatrixReport> {
  const { callers = ['nobody', 'stranger', 'owner'], probed = () => true, brief = false, world } = options;
  const { fixtures, own, foreign, child } = world;
  const operations = (await apiOperations(options.origins)).filter(({ name }) => !options.publicOperations.includes(name));
  const called = operations.filter(probed);
  // What a run before has made of it in passing.
  await fixtures.settled(foreign);
  const matrix = new Matrix(options);
  for (const operation of operations) matrix.judgeDeclaration(operation);
  if (callers.includes('nobody')) await matrix.asNobody(called, own);
  const callersOf = (name: string, side: Side, roles: readonly string[]): Promise<Caller[]> =>
    Promise.all(roles.map(async (role) => ({ name: `${role} of ${name}`, role, own: side, token: (await fixtures.key(side.tenant, role)).secret })));
  const roles = Object.keys(options.roles);
  const strangers = !callers.includes('stranger') ? [] : [...await callersOf('another tenant', own, brief ? ['admin'] : EXTREMES), ...await callersOf('a child tenant', child, brief ? ['viewer'] : EXTREMES)];
  const before = await matrix.stateOf(operations);
  for (const caller of strangers) await matrix.asStranger(called, caller);
  if ((await matrix.stateOf(operations)) !== before) matrix.leaks.push('something of the other tenant was changed');
  for (const caller of strangers) await matrix.elsewhere(operations, called, caller);
  if (callers.includes('owner')) for (const caller of await callersOf('its own tenant', own, brief ? EXTREMES : roles)) await matrix.asOwner(called, caller);
  return { operations: operations.length, probes: matrix.probes, leaks: matrix.leaks };
}

class Matrix {
  readonly leaks: string[] = [];
  probes = 0;
  private readonly foreign: Side;

  constructor(private readonly options: AccessMatrixOptions) {
    this.foreign = options.world.foreign;
  }

  judgeDeclaration(operation: ApiOperation): void {
    const { name, access } = operation;
    const [said, expected] = [access ? `${access.permission} of ${access.of}` : 'nothing', this.options.accessOf(operation)];
    if (said !== expected) this.leaks.push(`${name}: says ${said} of whom it is for, instead of ${expected}`);
  }

  async asNobody(operations: readonly ApiOperation[], side: Side): Promise<void> {
    const tokens = { 'no token': undefined, ...(this.options.brief ? {} : await this.badTokens(side)) };
    await each(operations, async (operation) => {
      for (const [name, token] of Object.entries(tokens)) {
        const answer = await this.send(buildRequest(operation, () => side), token);
        if (answer.status !== 401) this.leaks.push(`${operation.name} with ${name}: ${answer.status}`);
      }
    });
  }

  private async badTokens({ tenant }: Side): Promise<Readonly<Record<string, string>>> {
    const { fixtures } = this.options.world;
    const [revoked, expired] = await Promise.all([fixtures.key(tenant, 'admin'), fixtures.key(tenant, 'admin', { expiresAt: new Date(Date.now() + EXPIRES_MS).toISOString() })]);
    const expires = Date.now() + EXPIRES_MS;
    await fixtures.revoke(revoked.id);
    await new Promise((resolve) => { setTimeout(resolve, expires - Date.now()); });
    return { 'an invented token': 'invented-by-nobody-at-all', 'a revoked key': revoked.secret, 'an expired key': expired.secret };
  }

  async asStranger(operations: readonly ApiOperation[], caller: Caller): Promise<void> {
    const unknown = unknownSide(this.foreign);
    const headed = !this.options.brief && caller.own === this.options.world.own && EXTREMES.includes(caller.role);
    await each(operations, async (operation) => {
      const places = placesOf(operation, caller.own);
      const variants = [...places.map((place) => [place]), ...(places.length > 1 ? [places.filter((place) => !place.startsWith('query:'))] : [])];
      for (const named of variants) {
        for (const headers of headed && operation.method !== 'GET' ? WITH_WRITES : [{}]) {
          const request = (side: Side): BuiltRequest =>
            buildRequest(operation, (place) => (named.includes(place) ? side : caller.own), named.filter((place) => place.startsWith('query:')));
          const answer = await this.send(request(this.foreign), caller.token, headers);
          const twin = await this.send(request(unknown), caller.token, headers);
          this.judgeStranger(`${operation.name} as ${caller.name}, naming it in ${named.join(' and ')}${Object.keys(headers).length === 0 ? '' : ` with ${JSON.stringify(headers)}`}`, operation, caller, answer, twin);
        }
      }
      if (places.length === 0 || operation.method === 'GET') await this.searchForCanary(operation, caller);
    });
  }

  private judgeStranger(what: string, operation: ApiOperation, caller: Caller, answer: Answered, twin: Answered): void {
    const expected = this.mayNot(operation, caller) ?? 404;
    const batch = operation.path === '/v1/batch' && answer.status === 200 && !/"status":2\d\d/.test(answer.text);
    if (answer.status !== expected && !batch) this.leaks.push(`${what}: ${answer.status} instead of ${expected}: ${answer.text.slice(0, 200)}`);
    const [seen, told] = [answer, twin].map((one) => shapeOf(one, [this.foreign, unknownSide(this.foreign), caller.own]));
    if (seen !== told) this.leaks.push(`${what}: answers otherwise than for what does not exist: ${seen} / ${told}`);
    if (answer.text.includes(this.foreign.label)) this.leaks.push(`${what}: tells a name`);
  }

  /** What is asked without naming anything tells only of the caller's own. */
  private async searchForCanary(operation: ApiOperation, caller: Caller): Promise<void> {
    const { text } = await this.send(buildRequest(operation, () => caller.own), caller.token);
    const told = canaryIn(text, this.foreign, caller);
    if (told !== undefined) this.leaks.push(`${operation.name} as ${caller.name}: tells ${told}`);
  }

  /** Cursors, keys of idempotency, streams: where a request names something without saying so. These write in the other tenant. */
  async elsewhere(operations: readonly ApiOperation[], called: readonly ApiOperation[], caller: Caller): Promise<void> {
    const may = (operation: ApiOperation): boolean => this.mayNot(operation, caller) === undefined;
    const found = await Promise.all([
      ...called.filter(may).filter(({ name }) => !this.options.onePaged?.includes(name)).map((operation) => withForeignCursor(operation, this.foreign, caller)),
      caller.role === 'viewer' || this.options.brief ? onStream(operations, this.options.world.fixtures, this.foreign, caller) : undefined,
    ]);
    this.probes += found.length + 1;
    this.leaks.push(...[...found, await withForeignIdempotencyKey(operations, this.foreign, caller)].filter((leak) => leak !== undefined));
  }

  async asOwner(operations: readonly ApiOperation[], caller: Caller): Promise<void> {
    await each(operations, async (operation) => {
      const refused = this.mayNot(operation, caller);
      // What is read is there still for the next; what is written, each writes on its own.
      const side = refused === undefined && operation.method !== 'GET' ? await this.options.world.fixtures.freshFor(operation, caller.own) : caller.own;
      const paired = operation.method === 'DELETE' && operation.pathParameters.length > 1;
      if (paired && refused === undefined) await send({ ...buildRequest(operation, () => side), method: 'PUT' }, this.options.administrator);
      const { status, text } = await this.send(buildRequest(operation, () => side), caller.token);
      const expected = refused ?? this.options.unsuccessful?.[operation.name];
      if (expected === undefined ? status >= 300 : status !== expected) this.leaks.push(`${operation.name} as ${caller.name}: ${status} instead of ${expected ?? 'success'}: ${text.slice(0, 300)}`);
    });
  }

  /** The status with which the role, or the tenant alone, keeps a caller out; undefined where neither does. */
  private mayNot({ access }: ApiOperation, { role }: Caller): number | undefined {
    if (access?.of === 'installation') return 404;
    return access && this.options.roles[role]?.includes(access.permission) ? undefined : 403;
  }

  /** Everything that can be read of the other tenant, and how many events it has. */
  async stateOf(operations: readonly ApiOperation[]): Promise<string> {
    const readable = operations.filter(({ method, access, pathParameters }) => method === 'GET' && access?.of !== 'installation' && pathParameters.length > 0);
    const texts = await Promise.all(readable.map(async (operation) => (await send(buildRequest(operation, () => this.foreign), this.options.administrator)).text.replaceAll(/req_[0-9A-Z]{26}/g, 'req')));
    const events = operations.find(({ name }) => name === 'GET /v1/events');
    const all = events ? await send({ method: 'GET', url: `${events.origin}/v1/events?limit=1000&tenant=${encodeURIComponent(this.foreign.tenant)}` }, this.options.administrator) : undefined;
    const { items: own = [] } = JSON.parse(all?.text ?? '{}') as { items?: { id: string; tenant: string }[] };
    if (own.length === 0) this.leaks.push('the events of the other tenant could not be counted');
    return JSON.stringify([texts, own.filter(({ tenant }) => tenant === this.foreign.tenant).map(({ id }) => id)]);
  }

  private send(request: BuiltRequest, token: string | undefined, headers?: Readonly<Record<string, string>>): Promise<Answered> {
    this.probes++;
    return send(request, token, headers);
  }
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}
