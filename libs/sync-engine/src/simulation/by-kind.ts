import type { TestIdentity } from '../spec-support/identity';
import type { Intention } from './intentions';
import type { RememberedEvents } from './remembered-events';

type Identity = TestIdentity<RememberedEvents>;

/** Resolves with its id. */
export function make(identity: Identity, kind: Intention['kind'], name: string, { tags, ...more }: { tenant: string; tags: Record<string, string>; permissionsBoundary?: string }): Promise<string> {
  switch (kind) {
    case 'user': return identity.user(name, { tags, ...more });
    case 'group': return identity.group(name, more.tenant);
    case 'role': return identity.role(name, more);
    case 'policy': return identity.policy(name, more.tenant);
  }
}

export function unmake(identity: Identity, { id, kind }: Intention): Promise<unknown> {
  switch (kind) {
    case 'user': return identity.deleteUser(id);
    case 'group': return identity.deleteGroup(id);
    case 'role': return identity.deleteRole(id);
    case 'policy': return identity.deletePolicy(id);
  }
}

export function patch(identity: Identity, { id, kind }: Intention, body: Record<string, unknown>): Promise<unknown> {
  switch (kind) {
    case 'user': return identity.patchUser(id, body);
    case 'group': return identity.patchGroup(id, body);
    case 'role': return identity.patchRole(id, body);
    case 'policy': throw new Error('no cloud gives a policy another name, and nothing else is changed of it');
  }
}
