/// <reference types="jest" />
import type { CallContext, Desired, ProviderTarget, ResourceHandler } from '@wami/provider-port';

interface Cloud {
  readonly url: string;
  close(): Promise<void>;
}

/** What each test finds: a sandbox of its own, and the handler of keys there. */
export interface KeysAtSandbox<C extends Cloud> {
  readonly cloud: C;
  readonly target: ProviderTarget;
  readonly keys: ResourceHandler;
}

/** A service account that is ours, and keys of it. */
export const ROBOT: Desired = { name: 'build-robot', document: {}, facets: {}, mark: { instance: 'here', tenant: 'acme', id: 'sa_1', kind: 'service-account' } };
export const keyOfRobot = (id: string, owner = ROBOT.name): Desired =>
  ({ name: id, owner, document: { ownerId: 'sa_1', ownerKind: 'service-account', status: 'active' }, facets: {}, mark: { ...ROBOT.mark, id, kind: 'access-key' } });

export const callContext = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });

export const handlerAt = (target: ProviderTarget, kind: string): ResourceHandler => target.handler(kind) as ResourceHandler;

/** Registers hooks of jest: before each test a sandbox is started in which the service account is there, after it that is closed. */
export function keysAtSandboxForEach<C extends Cloud>(start: () => Promise<C>, connect: (endpoint: string) => ProviderTarget, withKeys: (found: KeysAtSandbox<C>) => unknown): void {
  let found: Pick<KeysAtSandbox<C>, 'cloud' | 'target'>;
  beforeEach(async () => {
    const cloud = await start();
    const target = connect(cloud.url);
    found = { cloud, target };
    withKeys({ ...found, keys: handlerAt(target, 'access-key') });
    await handlerAt(target, 'service-account').create(ROBOT, callContext());
  });
  afterEach(async () => {
    await found.target.close();
    await found.cloud.close();
  });
}
