import { Inject, Injectable } from '@nestjs/common';
import { accessKeyCreated, comparePositions, groupCreated, identityProviderCreated, loginProfileCreated, mfaDeviceCreated, policyCreated, roleCreated, serviceAccountCreated, userCreated, type LogPosition, type NewEventOf, type RecordedEvent, type repairStated, type ResourceKind } from '@wami/contracts';
import { sameJson } from '@wami/domain';
import { StreamUnreadable, type EventStore } from '@wami/event-store';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { EVENT_STORE } from '../ports';
import { kindOfId } from '../resources/known-kinds';

type Stated = NewEventOf<typeof repairStated>;
/** A resource as the store has it at one moment, without what names the repair. */
export interface StatedResource extends Pick<Stated, 'key' | 'tenant' | 'subject' | 'personal'> {
  readonly data: Omit<Stated['data'], 'repair' | 'within' | 'dryRun'>;
}

const PARALLEL = 16;

/** Fields that are not about a person: those that stand in `data` when a resource is made. All others are sealed. */
const OPEN_FIELDS: Readonly<Record<ResourceKind, ReadonlySet<string>>> = {
  user: fieldsOf(userCreated), group: fieldsOf(groupCreated), role: fieldsOf(roleCreated), policy: fieldsOf(policyCreated), 'service-account': fieldsOf(serviceAccountCreated),
  'access-key': new Set([...fieldsOf(accessKeyCreated), 'status']), 'login-profile': fieldsOf(loginProfileCreated), 'mfa-device': fieldsOf(mfaDeviceCreated), 'identity-provider': fieldsOf(identityProviderCreated),
};

function fieldsOf({ data }: { readonly data: { readonly shape: object } }): ReadonlySet<string> {
  return new Set(Object.keys(data.shape));
}

/** Reads resources whole: their own streams, and what is related to them. */
@Injectable()
export class StatedResources {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore, private readonly directory: Directory) {}

  async read(ids: readonly string[]): Promise<readonly StatedResource[]> {
    return (await this.load(ids)).map(({ resource }) => resource);
  }

  /** Those that were not as they were stated when that came into the log, at `position`, as they are now; what came later is told by its own events. */
  async changed(said: readonly StatedResource[], position: LogPosition): Promise<readonly StatedResource[]> {
    const before = new Map(said.map((one) => [one.key, one]));
    return (await this.load([...before.keys()])).flatMap(({ resource, events }) => {
      const then = before.get(resource.key);
      const version = events.filter((event) => comparePositions(event.position, position) < 0).at(-1)?.version;
      return then !== undefined && then.data.version === version && areRelatedAsBefore(then, resource) ? [] : [resource];
    });
  }

  private async load(ids: readonly string[]): Promise<readonly { readonly resource: StatedResource; readonly events: readonly RecordedEvent[] }[]> {
    await this.directory.caughtUp();
    const { upTo, groups, policies } = await this.directory.facetsOf(ids);
    const read = await eachLimited(ids, PARALLEL, async (id) => {
      const events = await this.readable(id);
      const related = (facet: typeof groups): string[] => [...facet.get(id) ?? []];
      return { resource: stated(id, events, { upTo, groups: related(groups), policies: related(policies) }), events };
    });
    return read.flatMap(({ resource, events }) => (resource ? [{ resource, events }] : []));
  }

  /** Nothing of what this release cannot read: it is parked wherever it was to be taken in, and stays as it is there. */
  private async readable(id: string): Promise<readonly RecordedEvent[]> {
    return this.store.readStream(id).catch((error: unknown) => {
      if (error instanceof StreamUnreadable) return [];
      throw error;
    });
  }
}

function stated(id: string, events: readonly RecordedEvent[], related: Pick<Stated['data'], 'upTo' | 'groups' | 'policies'>): StatedResource | undefined {
  const last = events.at(-1);
  const known = kindOfId(id);
  if (!last || !known) return undefined;
  const { kind } = known;
  const document = known.document(id, events);
  const about = { key: id, tenant: last.tenant, subject: last.subject };
  if (document === undefined) return { ...about, data: { kind, version: last.version, deleted: true, ...related, groups: [], policies: [], document: {} }, personal: {} };
  const fields = Object.entries(document).filter(([, value]) => value !== undefined);
  const part = (open: boolean): Record<string, unknown> => Object.fromEntries(fields.filter(([field]) => OPEN_FIELDS[kind].has(field) === open));
  return { ...about, data: { kind, version: last.version, deleted: false, ...related, document: part(true) }, personal: { document: part(false) } };
}

function areRelatedAsBefore({ data: a }: StatedResource, { data: b }: StatedResource): boolean {
  return b.deleted || sameJson([a.groups, a.policies], [b.groups, b.policies]);
}
