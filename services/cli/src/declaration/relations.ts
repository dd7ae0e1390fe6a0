import { keyOf, labelOf, type Actual, type ActualRelation, type Declaration, type DeclaredThing, type Reference, type Thing } from './model';
import type { Names } from './names';
import { foreignThing, type Foreign, type Kept, type Linking, type OwnRelation, type PlanOptions } from './plan';

export interface RelationsInput {
  readonly declaration: Declaration;
  readonly actual: Actual;
  readonly names: Names;
  readonly options: PlanOptions;
  readonly isOwn: OwnRelation;
  /** Ids of what the plan deletes; its relations go with it. */
  readonly deleted: ReadonlySet<string>;
}

export interface PlannedRelations { readonly links: Linking[]; readonly kept: Kept[]; readonly foreign: Foreign[] }

/** Who has to join and leave, what has to be attached and detached. A relation is the declaration's own where it belongs to an own thing and an apply added it. */
export async function planRelations(input: RelationsInput): Promise<PlannedRelations> {
  const planned: PlannedRelations = { links: [], kept: [], foreign: [] };
  const index = indexed(input.actual.relations);
  for (const declared of input.declaration.things.values()) {
    if (declared.kind === 'group') await planSide(input, planned, declared, { references: declared.members, existing: (id) => index.to.get(id) ?? [], kind: 'membership' });
    if (declared.kind !== 'tenant' && declared.kind !== 'policy') {
      await planSide(input, planned, declared, { references: declared.policies, existing: (id) => index.of.get(id) ?? [], kind: 'attachment' });
    }
  }
  return planned;
}

interface Side {
  readonly kind: ActualRelation['kind'];
  readonly references: readonly Reference[];
  /** Relations of the declared thing by its id. */
  readonly existing: (id: string) => readonly ActualRelation[];
}

async function planSide({ declaration, actual, names, options, isOwn, deleted }: RelationsInput, planned: PlannedRelations, declared: DeclaredThing, side: Side): Promise<void> {
  const { kind } = side;
  const present = actual.byKey.get(keyOf(declared));
  const own = present === undefined || present.declaredBy === declaration.name || options.adopt;
  const relations = present ? side.existing(present.id).filter((relation) => relation.kind === kind) : [];
  const farEnd = ({ toId, ofId }: ActualRelation): string => (kind === 'membership' ? ofId : toId);
  const there = new Set(relations.flatMap((relation) => (deleted.has(farEnd(relation)) ? [] : [farEnd(relation)])));
  const self: Thing = { kind: declared.kind, tenant: declared.tenant, name: declared.name };
  const ends = (other: Thing): Pick<Linking, 'of' | 'to'> => (kind === 'membership' ? { of: other, to: self } : { of: self, to: other });

  const wanted = new Map<string, { readonly other: Thing; readonly at: Reference['at'] }>();
  for (const reference of side.references) {
    const other = kind === 'membership' ? names.user(declared, reference) : names.policy(declared, reference);
    if (other) wanted.set(keyOf(other), { other, at: reference.at });
  }
  const wantedIds = new Set([...wanted.keys()].flatMap((key) => actual.byKey.get(key)?.id ?? []));
  for (const [key, { other, at }] of wanted) {
    const id = actual.byKey.get(key)?.id;
    if (id !== undefined && there.has(id)) continue;
    if (own) planned.links.push({ action: kind === 'membership' ? 'add' : 'attach', ...ends(other), at });
    else if (present) planned.foreign.push(foreignThing(present, at, [{ field: kind === 'membership' ? 'members' : 'policies', to: labelOf(other) }]));
  }
  if (!present || !own) return;
  for (const relation of relations.filter((one) => !wantedIds.has(farEnd(one)) && !deleted.has(farEnd(one)))) {
    const other = actual.byId.get(farEnd(relation)) ?? { kind: kind === 'membership' ? 'user' : 'policy', tenant: '', name: farEnd(relation) } as const;
    const what = ends({ kind: other.kind, tenant: other.tenant, name: other.name });
    if (options.adopt || await isOwn(relation)) planned.links.push({ action: kind === 'membership' ? 'remove' : 'detach', ...what });
    else planned.kept.push({ what, why: 'somebody else made it so; --adopt takes it away' });
  }
}

function indexed(relations: readonly ActualRelation[]): Record<'to' | 'of', ReadonlyMap<string, readonly ActualRelation[]>> {
  const to = new Map<string, ActualRelation[]>();
  const of = new Map<string, ActualRelation[]>();
  const put = (map: Map<string, ActualRelation[]>, key: string, relation: ActualRelation): void => {
    const list = map.get(key);
    if (list) list.push(relation);
    else map.set(key, [relation]);
  };
  for (const relation of relations) {
    put(to, relation.toId, relation);
    put(of, relation.ofId, relation);
  }
  return { to, of };
}
