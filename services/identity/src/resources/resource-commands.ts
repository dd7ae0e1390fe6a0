import { Inject, Injectable } from '@nestjs/common';
import { formatArn, type Adoption, type NewEvent, type SyncOperation } from '@wami/contracts';
import { newId, type Caller } from '@wami/platform';
import type { Loaded } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done, type Plan } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { adoptedNames, adoptedThing } from '../imports/import-aggregate';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { quotasFor } from '../tenants/quotas';
import { Tenants } from '../tenants/tenants';
import type { Waitable } from '../waiting/sync-wait';
import { PolicyReferences } from './policy-references';
import type { ResourceType } from './resource-type';

/** An id, or how it is found. */
type Found = string | (() => Promise<string>);

/** Commands on named resources of a tenant, the same for every kind. */
@Injectable()
export class ResourceCommands {
  constructor(
    private readonly commands: CommandHandler, private readonly tenants: Tenants, private readonly streams: ScopedStreams,
    private readonly policies: PolicyReferences, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @param imported where it stands for a thing at a target: under which id, and which one */
  create<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, context: CommandContext, body: C, imported?: { readonly id: string; readonly adopts: Adoption },
  ): Promise<Answer<V>> {
    return this.createOf(type, context, () => body, imported);
  }

  /** @param bodyOf finds what the rest follows from; it is not asked where the command was done before. @throws ProblemError as it does */
  async createOf<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, context: CommandContext, bodyOf: () => C | Promise<C>, imported?: { readonly id: string; readonly adopts: Adoption },
  ): Promise<Answer<V>> {
    const stream = imported?.id ?? newId(type.kind);
    const done = await this.commands.execute(context, type.aggregate, async () => {
      const body = await bodyOf();
      const { tenant } = body;
      const [name, owner] = [type.nameIn(body), type.belongsTo?.(body)];
      return {
        stream, isNew: true,
        plan: async ({ state }) => {
          const line = await this.tenants.activeLine(context.caller, tenant);
          const boundary = await this.policies.of(context.caller, tenant, type.boundaryIn?.(body));
          return {
            tenant, events: adopting(type.create(state, this.ref(stream, tenant), body), imported?.adopts), status: 201, references: [line.own.id, ...boundary, ...(owner === undefined ? [] : [owner])], ...quotasFor(line, type.kind),
            reserve: [...named(type.kind, tenant, name), ...(imported ? [adoptedThing(imported.adopts)] : [])],
          };
        },
      };
    });
    const view = this.view(type, done.after);
    return { done, body: view, location: type.locationOf(view), waitFor: waitable(type, done, 'create') };
  }

  /** @param id of it, or how it is found: that is not asked where the command was done before. @throws ProblemError as it does */
  async patch<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, context: CommandContext, id: Found, body: P,
  ): Promise<Answer<V>> {
    const done = await this.change(type, context, id, async ({ id: stream, state, tenant }) => {
      const [from, to] = [type.nameOf(state), type.nameIn(body)];
      const renamed = from !== undefined && to !== undefined && to !== from;
      const name = (value: string) => [{ tenant, kind: type.kind, value }];
      const references = await this.policies.of(context.caller, tenant, type.boundaryIn?.(body));
      return { events: type.patch(state, this.ref(stream, tenant), body), status: 200, references, ...(renamed ? { release: name(from), reserve: name(to) } : {}) };
    });
    return { done, body: this.view(type, done.after), waitFor: waitable(type, done, 'update') };
  }

  /** @param id of it, or how it is found: that is not asked where the command was done before. @param allowed asked before it is decided on. @throws ProblemError as they do */
  async delete<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, context: CommandContext, id: Found, allowed: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Answer<V>> {
    const done = await this.change(type, context, id, async ({ id: stream, state, tenant }) => {
      await allowed();
      return {
        events: type.remove(state, this.ref(stream, tenant)), status: 204, closes: true, release: [...named(type.kind, tenant, type.nameOf(state)), ...adoptedNames(state as object)],
      };
    });
    return { done, waitFor: waitable(type, done, 'delete') };
  }

  /** @throws ProblemError NotFound */
  async read<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, caller: Caller, id: string,
  ): Promise<{ readonly version: number; readonly view: V }> {
    const loaded = await this.streams.load(caller, type.aggregate, id);
    return { version: loaded.version, view: this.view(type, loaded) };
  }

  private async change<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, context: CommandContext, id: Found,
    plan: (current: Loaded<S>) => Promise<Omit<Plan<E>, 'tenant'>>,
  ): Promise<Done<S>> {
    return this.commands.execute(context, type.aggregate, async () => ({
      stream: this.streams.idOf(type.aggregate, typeof id === 'string' ? id : await id()),
      admit: (current) => this.streams.requireExisting(context.caller, type.aggregate, current),
      plan: async (current) => ({ ...(await plan(current)), tenant: current.tenant }),
    }));
  }

  private ref(id: string, tenant: string): { id: string; tenant: string; instance: string } {
    return { id, tenant, instance: this.settings.instance };
  }

  private view<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(type: ResourceType<S, E, C, P, V>, loaded: Loaded<S>): V {
    return type.view(loaded, formatArn({ ...this.ref(loaded.id, loaded.tenant), type: type.kind }));
  }
}

/** The name that it takes or gives up, where its kind has names. */
function named(kind: string, tenant: string, value: string | undefined): { tenant: string; kind: string; value: string }[] {
  return value === undefined ? [] : [{ tenant, kind, value }];
}

/** What it stands for is said with the event that makes it: no engine sees the one without the other. */
function adopting<E extends NewEvent>(events: readonly E[], adopts: Adoption | undefined): readonly E[] {
  return adopts ? events.map((event) => ({ ...event, personal: { ...(event.personal as object), adopts } })) : events;
}

/** For `Prefer: wait`. */
export function waitable<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
  type: ResourceType<S, E, C, P, V>, { before, after, changed }: Done<S>, operation: SyncOperation,
): Waitable {
  const syncToProviders = type.syncToProvidersOf(operation === 'delete' ? before.state : after.state);
  return {
    resource: after.id, kind: type.kind, tenant: after.tenant, operation, position: after.position, updatedAt: after.updatedAt, changed,
    ...(syncToProviders === undefined ? {} : { syncToProviders }),
  };
}
