import { patiently as eventually, worldForAll } from '@wami/testing';
import { IdentityWorld } from './identity-world';

export const SEAL_TO = 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=';

type Command = readonly [method: string, path: string, body?: object];

/** A user of `acme` that is synced to AWS, anew for each test, and what is made for it with a secret; `other` is a tenant beside. */
export class UserOfEachTest {
  private opened: IdentityWorld | undefined;
  private number = 0;
  user = '';

  /** @param collection of the path that it is made under @param body with which it is made */
  constructor(private readonly collection: string, private readonly body: object) {
    worldForAll(IdentityWorld.start, async (world) => {
      this.opened = world;
      for (const id of ['acme', 'other']) await world.create('tenants', { id, name: id });
    });
    beforeEach(async () => {
      this.number++;
      this.user = await this.world.create('users', { tenant: 'acme', userName: this.name, syncToProviders: ['aws'] });
    });
  }

  get world(): IdentityWorld {
    if (!this.opened) throw new Error('nothing runs yet');
    return this.opened;
  }

  /** Of the user, and of nobody else of any test. */
  get name(): string {
    return `u-${this.number}`;
  }

  get path(): string {
    return `/v1/users/${this.user}/${this.collection}`;
  }

  /** Makes one; resolves with its id. */
  async made(more: object = {}): Promise<string> {
    const answer = await this.world.call('POST', this.path, { ...this.body, ...more });
    expect(answer.status).toBe(201);
    return String(answer.body['id']);
  }

  async typesOf(id: string): Promise<string[]> {
    return (await this.world.store.readStream(id)).map(({ type }) => type);
  }

  /** One goes with the user, in the name of who deleted that. */
  async expectToGoWithUser(): Promise<void> {
    const id = await this.made();
    expect((await this.world.call('DELETE', `/v1/users/${this.user}`)).status).toBe(204);
    await eventually(async () => expect((await this.typesOf(id)).at(-1)).toMatch(/\.deleted\.v1$/));
    const deletion = (await this.world.store.readStream(this.user)).at(-1);
    expect((await this.world.store.readStream(id)).at(-1)?.meta).toMatchObject({ actor: 'identity', causationId: deletion?.id });
  }

  /** Makes one, does the rest to it, and deletes the user; under its own Idempotency-Key each is answered the same again, also now that nothing is left. */
  async expectDoneOnce(rest: (id: string) => readonly Command[]): Promise<void> {
    const send = ([method, path, body]: Command, key: number) => this.world.call(method, path, body, { headers: { 'idempotency-key': `${this.user}-${key}` } });
    const create: Command = ['POST', this.path, this.body];
    const created = await send(create, 0);
    const commands = [create, ...rest(String(created.body['id']))];
    const first = [created];
    for (const [key, command] of commands.entries()) if (key > 0) first.push(await send(command, key));
    expect((await this.world.call('DELETE', `/v1/users/${this.user}`)).status).toBe(204);
    for (const [key, command] of commands.entries()) {
      const again = await send(command, key);
      expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([first[key]?.status, first[key]?.body, 'true']);
      expect(again.status).toBeLessThan(300);
    }
  }
}
