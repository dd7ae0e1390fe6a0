import { DECLARED_BY } from '@wami/contracts';
import { LineCounter, parseDocument } from 'yaml';
import { CliError, EXIT } from '../exit-codes';
import { markFieldOf, nameFieldOf } from './fields';
import { keyOf, type Actual, type ActualThing, type Declaration, type DeclaredThing, type Fields, type Reference, type Thing } from './model';
import type { Place } from './source';

/** Names what is done in the history; marks nothing. */
const NAME = 'as-it-was';
/** No file says it, and no line. */
const AT: Place = { source: { file: NAME, folder: '', document: parseDocument(''), lines: new LineCounter() }, path: [] };

export interface AsItWas {
  readonly declaration: Declaration;
  /** What is there now, found by its id and not by its name, and all of it the declaration's. */
  readonly actual: Actual;
}

/**
 * Declares that all in these tenants is as it was `then`, whoever made it; `within`: only this tenant and below. What is outside of that has the name that it
 * has now. @throws CliError where something refers to what is gone there, or was not taken in up to then. Pure.
 */
export function asItWas(then: Actual, now: Actual, within: string | undefined): AsItWas {
  const inside = ({ tenant }: Thing): boolean => within === undefined || tenant === within || tenant.startsWith(`${within}/`);
  const old = [...then.byId.values()].filter(inside);
  const things = new Map(old.map((thing) => [keyOf(thing), declared(thing, then, (end) => (inside(end) ? end : now.byId.get(end.id)))]));
  return { declaration: { name: NAME, mark: undefined, things }, actual: matched(now, new Map(old.map((thing) => [thing.id, thing])), inside) };
}

function declared(thing: ActualThing, then: Actual, named: (end: ActualThing) => ActualThing | undefined): DeclaredThing {
  const { kind, tenant, name, id } = thing;
  const { permissionsBoundary, ...fields } = withMark(thing);
  const far = (ids: readonly string[]): Reference[] => ids.map((one) => {
    const was = then.byId.get(one);
    const end = was && named(was);
    if (end === undefined) throw new CliError(EXIT.conflict, `${kind} ${name} of ${tenant} was bound to ${was ? `${was.kind} ${was.name} of ${was.tenant}, which is there no more` : `${one}, which is not known of then`}.`, 'Name another position or time.');
    return { name: end.name, tenant: end.tenant, at: AT };
  });
  const [boundary] = far(typeof permissionsBoundary === 'string' ? [permissionsBoundary] : []);
  return {
    kind, tenant, name, fields, at: AT, ...(boundary ? { boundary } : {}), members: far(then.relations.filter((one) => one.kind === 'membership' && one.toId === id).map(({ ofId }) => ofId)),
    policies: far(then.relations.filter((one) => one.kind === 'attachment' && one.ofId === id).map(({ toId }) => toId)),
  };
}

/** The mark of a declaration is a tag like others here: it becomes as it was. */
function withMark({ kind, fields, declaredBy }: ActualThing): Fields {
  const field = markFieldOf(kind);
  return declaredBy === undefined ? fields : { ...fields, [field]: { ...(fields[field] as object | undefined), [DECLARED_BY]: declaredBy } };
}

/** What was there goes by the name that it had then, so that one that was renamed since is renamed back; what was made since stands apart from it. */
function matched(now: Actual, old: ReadonlyMap<string, ActualThing>, inside: (thing: Thing) => boolean): Actual {
  const things = [...now.byId.values()].map((thing): ActualThing => (inside(thing) ? { ...renamed(thing, old.get(thing.id)?.name ?? thing.name), declaredBy: NAME } : nobodys(thing)));
  const byKey = new Map(things.filter(({ id }) => old.has(id)).map((thing) => [keyOf(thing), thing]));
  for (const thing of things.filter(({ id }) => !old.has(id))) byKey.set(byKey.has(keyOf(thing)) ? `${keyOf(thing)} ${thing.id}` : keyOf(thing), thing);
  return { byKey, byId: new Map(things.map((thing) => [thing.id, thing])), relations: now.relations };
}

/** Nothing of it is deleted, whatever its own declaration is called. */
function nobodys({ declaredBy: _declaredBy, ...thing }: ActualThing): ActualThing {
  return thing;
}

function renamed(thing: ActualThing, name: string): ActualThing {
  const fields = withMark(thing);
  return { ...thing, name, fields: thing.kind === 'tenant' ? fields : { ...fields, [nameFieldOf(thing.kind)]: thing.name } };
}
