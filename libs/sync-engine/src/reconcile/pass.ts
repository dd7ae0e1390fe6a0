import type { Adoption } from '@wami/contracts';
import type { KindCapability, Changes, Connection, OwnershipMark, ProviderTarget, Reference, ResourceHandler } from '@wami/provider-port';
import { kindNamed } from '../kinds';
import { withPulled } from '../direction/pulled';
import { ownerAt } from '../issued/owner';
import { nameHere } from '../imports/judge-things';
import { withWritten } from '../merge/taken-over';
import { partNames } from './parts';
import { changesBetween, rememberedShape, wantedShape, type ComparedShape, type Wanted } from './shape';
import { adoptionOf, type Work } from './work';

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
  /** Which name here a thing of this name stands for; undefined where none could. */
  readonly nameHere: (nativeName: string) => string | undefined;
}

export function openPass(of: Work, handler: ResourceHandler, { instance, connection }: Pick<Scene, 'instance' | 'connection'>): Pass {
  const { resource, lost, binding: { tenant, tried, deleted, strategy } } = of;
  const adopts = adoptionOf(of);
  const imported = adopts?.provider === connection.provider ? adopts : undefined;
  const mark: OwnershipMark = { instance, tenant, id: resource.id, kind: resource.kind };
  const kind = kindNamed(resource.kind);
  const own = kind.nameOf(resource.document ?? {});
  const name = calledAt(resource, tenant, connection.naming);
  const wanted = wantedShape(of, mark, name, handler);
  const presence = of.binding.presence && withPulled(withWritten(of.binding.presence, wanted), wanted, own);
  const work = presence === of.binding.presence ? of : { ...of, binding: { ...of.binding, presence } };
  const remembered = presence === null ? undefined : rememberedShape(presence, work);
  // The name that it should have comes last: only there is a stranger in the way.
  const known = new Set([...(presence ? [presence.name] : []), ...(imported ? [imported.name] : []), ...Object.keys(tried), ...(presence && lost ? [resource.id] : [])].filter((other) => other !== name));
  return {
    work, handler, wanted, remembered, observeOnly: connection.mode === 'observe',
    changes: remembered && changesBetween(remembered, wanted, work),
    adoption: deleted || strategy === 'overwrite' ? undefined : imported,
    nameHere: (nativeName) => nameHere(nativeName, tenant, connection.naming),
    reference: {
      mark, providerResourceId: presence?.providerResourceId ?? imported?.providerResourceId, ...(presence ? { nativeArn: presence.nativeArn } : {}), names: [...known, name], ...(kind.belongsTo ? ofOwner(work) : {}),
      ...(work.binding.deleted ? {} : partNames(work)),
    },
  };
}

function ofOwner(work: Work): Pick<Reference, 'owner' | 'ownerResourceId' | 'groundwork' | 'others' | 'leaving'> {
  const { binding: { deleted, groundwork }, others = [], lost } = work;
  return { others, ...ownerAt(work), ...(deleted ? { leaving: true } : {}), ...(groundwork === null || !lost ? {} : { groundwork }) };
}

/** What a resource should be called at a target: what has an address by that, what belongs to something by its id. */
export function calledAt({ id, kind: of, document }: Pick<Work['resource'], 'id' | 'kind' | 'document'>, tenant: string, naming?: string): string {
  const kind = kindNamed(of);
  if (kind.belongsTo) return id;
  return kind.addressOf?.(document ?? {}) ?? nameAtTarget(kind.nameOf(document ?? {}), tenant, naming);
}

/** The operator's template; a tenant's path is joined with dots, since few clouds take a slash in a name. */
export function nameAtTarget(name: string, tenant: string, template = '{name}'): string {
  return template.replace(/\{(name|tenant)\}/g, (_, word: string) => (word === 'name' ? name : tenant.split('/').join('.')));
}
