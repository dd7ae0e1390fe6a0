import { DECLARED_BY } from '@wami/contracts';
import { changesOf, differing, fieldsOf, markFieldOf, notable, wantedFields, type FieldChange } from './fields';
import { mistaken, type Mistake } from './mistakes';
import { keyOf, labelOf, type Actual, type Declaration, type DeclaredThing, type Fields } from './model';
import { Names } from './names';
import { foreignThing, type Creation, type Foreign, type Kept, type OwnRelation, type Plan, type PlannedChange, type PlanOptions, type Update } from './plan';
import { prune } from './prune';
import { planRelations } from './relations';

/** What has to be done so that WAMI is as the file says. @throws CliError where a name stands for nothing */
export async function makePlan(declaration: Declaration, actual: Actual, options: PlanOptions, isOwn: OwnRelation): Promise<Plan> {
  const mistakes: Mistake[] = [];
  const names = new Names(declaration, actual, mistakes);
  const changes: PlannedChange[] = [];
  const foreign: Foreign[] = [];
  for (const declared of declaration.things.values()) {
    const planned = planThing(declaration, declared, actual, names, options);
    if (planned && 'action' in planned) changes.push(planned);
    else if (planned) foreign.push(planned);
  }
  const pruned = prune(declaration, actual, options);
  const relations = await planRelations({ declaration, actual, names, options, isOwn, deleted: new Set(pruned.deletions.map(({ actual: { id } }) => id)) });
  if (mistakes.length > 0) throw mistaken(mistakes);
  const kept: Kept[] = [...pruned.kept, ...relations.kept];
  return { declaration: declaration.name, mark: declaration.mark, changes: [...changes, ...relations.links, ...pruned.deletions], kept, foreign: merged([...foreign, ...relations.foreign]) };
}

function planThing(declaration: Declaration, declared: DeclaredThing, actual: Actual, names: Names, { adopt }: PlanOptions): Creation | Update | Foreign | undefined {
  const { kind, tenant, name, at } = declared;
  const thing = { kind, tenant, name };
  if (kind === 'tenant') names.checkParent(declared);
  const boundary = declared.boundary && names.policy(declared, declared.boundary);
  const wanted = wantedFields(declared, boundary && (actual.byKey.get(keyOf(boundary))?.id ?? labelOf(boundary)));
  const bounded = boundary === undefined ? {} : { boundary };
  const present = actual.byKey.get(keyOf(declared));
  if (!present) return { action: 'create', thing, declared, wanted, ...bounded, fields: shown(actual, {}, wanted, notable(kind, wanted)) };
  const current = fieldsOf(present);
  const different = differing(current, wanted);
  const own = present.declaredBy === declaration.name;
  const fields = shown(actual, current, wanted, different);
  if (!own && !adopt) return different.length === 0 ? undefined : foreignThing(present, at, fields);
  if (own && different.length === 0) return undefined;
  const mark: FieldChange[] = own ? [] : changesOf(`${markFieldOf(kind)}.${DECLARED_BY}`, present.declaredBy, declaration.name);
  return { action: 'change', thing: { ...thing, name: present.name }, declared, actual: present, wanted, ...bounded, differing: different, adopts: !own, fields: [...fields, ...mark] };
}

/** Policies by their names, as the file has them. */
function shown({ byId }: Actual, from: Fields, to: Fields, fields: readonly string[]): FieldChange[] {
  const named = (field: string, value: unknown): unknown => {
    const policy = field === 'permissionsBoundary' && typeof value === 'string' ? byId.get(value) : undefined;
    return policy ? labelOf(policy) : value;
  };
  return fields.flatMap((field) => changesOf(field, named(field, from[field]), named(field, to[field])));
}

function merged(foreign: readonly Foreign[]): Foreign[] {
  const byThing = new Map<string, Foreign>();
  for (const one of foreign) {
    const before = byThing.get(keyOf(one.thing));
    byThing.set(keyOf(one.thing), before ? { ...before, fields: [...before.fields, ...one.fields] } : one);
  }
  return [...byThing.values()];
}
