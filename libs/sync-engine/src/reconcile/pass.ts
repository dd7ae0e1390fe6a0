import type { Adoption } from '@wami/contracts';
import type { KindCapability, Changes, Connection, OwnershipMark, ProviderTarget, Reference, ResourceHandler } from '@wami/provider-port';
import { kindNamed } from '../kinds';
import { changesBetween, rememberedShape, wantedShape, type ComparedShape, type Wanted } from './shape';
import type { Work } from './work';

/** What a pass may use of the outside world, as far as deciding goes. */
export interface Scene {
  readonly instance: string;
  readonly capabilities: readonly KindCapability[];
  readonly connection: Connection;
  readonly target: ProviderTarget;
}

/** A pass over a binding that has something to do at the target, ready to be decided on. */
export interface Pass {
  readonly work: Work;
  readonly handler: ResourceHandler;
  readonly wanted: Wanted;
  readonly remembered: ComparedShape | undefined;
  /** Between what we remember and what is wanted; undefined where nothing differs or nothing is remembered. */
  readonly changes: Changes | undefined;
  readonly reference: Reference;
  readonly observeOnly: boolean;
  /** It was imported and is not held on record yet: it stands for this thing and no other, unless somebody resolved its conflict with `overwrite`. */
  readonly adoption: Adoption | undefined;
}

export function openPass(work: Work, handler: ResourceHandler, { instance, connection }: Pick<Scene, 'instance' | 'connection'>): Pass {
  const { resource, lost, binding: { presence, tenant, tried, deleted, strategy } } = work;
  const imported = presence === null ? adoptionAt(work, connection) : undefined;
  const mark: OwnershipMark = { instance, tenant, id: resource.id, kind: resource.kind };
  const name = nameAtTarget(kindNamed(resource.kind).nameOf(resource.document ?? {}), tenant, connection.naming);
  const wanted = wantedShape(work, mark, name, handler);
  const remembered = presence === null ? undefined : rememberedShape(presence, work);
  // The name that it should have comes last: only there is a stranger in the way.
  const known = new Set([...(presence ? [presence.name] : []), ...(imported ? [imported.name] : []), ...Object.keys(tried), ...(presence && lost ? [resource.id] : [])].filter((other) => other !== name));
  return {
    work, handler, wanted, remembered, observeOnly: connection.mode === 'observe',
    changes: remembered && changesBetween(remembered, wanted, work),
    adoption: deleted || strategy === 'overwrite' ? undefined : imported,
    reference: { mark, providerResourceId: presence?.providerResourceId ?? imported?.providerResourceId, names: [...known, name] },
  };
}

function adoptionAt({ resource, binding }: Work, { provider }: Pick<Scene['connection'], 'provider'>): Adoption | undefined {
  const adopts = resource.document?.['adopts'] as Adoption | undefined;
  return adopts?.provider === provider && adopts.account === binding.account ? adopts : undefined;
}

/** The operator's template; a tenant's path is joined with dots, since few clouds take a slash in a name. */
export function nameAtTarget(name: string, tenant: string, template = '{name}'): string {
  return template.replace(/\{(name|tenant)\}/g, (_, word: string) => (word === 'name' ? name : tenant.split('/').join('.')));
}
