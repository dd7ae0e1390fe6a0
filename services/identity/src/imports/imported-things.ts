import { Injectable } from '@nestjs/common';
import { createGroupSchema, createUserSchema, type Adoption, type FoundThing, type ImportableKind } from '@wami/contracts';
import { fieldErrors, ProblemError } from '@wami/platform';
import type { CommandContext } from '../commands/command-context';
import { groupType } from '../groups/group.type';
import { Memberships } from '../memberships/memberships';
import { ResourceCommands } from '../resources/resource-commands';
import { userType } from '../users/user.type';

/** A found thing, and what it is to become. */
export interface Importing {
  readonly id: string;
  readonly tenant: string;
  readonly kind: ImportableKind;
  readonly thing: FoundThing;
  readonly adopts: Adoption;
}

/** Makes resources of found things by the same rules as if somebody had made them by hand. */
@Injectable()
export class ImportedThings {
  constructor(private readonly resources: ResourceCommands, private readonly memberships: Memberships) {}

  /** It is synced to the target where it was found, and to no other before somebody says so. @throws ProblemError where the tenant's rules refuse it */
  async create(context: CommandContext, { id, tenant, kind, thing: { name, path, tags }, adopts }: Importing): Promise<void> {
    const common = { tenant, tags, syncToProviders: [`${adopts.provider}/${adopts.account}`] };
    switch (kind) {
      case 'user': {
        const body = checked(createUserSchema, { ...common, userName: name, ...(path === undefined ? {} : { path }) });
        await this.resources.create(userType, context, body, { id, adopts });
        return;
      }
      case 'group': await this.resources.create(groupType, context, checked(createGroupSchema, { ...common, groupName: name }), { id, adopts });
    }
  }

  /** Relations to what could not be imported, or is not the caller's to use, stay the cloud's own. */
  async relate(context: CommandContext, userId: string, groupId: string): Promise<void> {
    try {
      await this.memberships.add(context, groupId, userId);
    } catch (error) {
      if (!(error instanceof ProblemError && error.status < 500)) throw error;
    }
  }
}

/** @throws ProblemError ValidationFailed that says which field it is */
function checked<T>(schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: Parameters<typeof fieldErrors>[0] } }, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  throw new ProblemError('ValidationFailed', { detail: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), errors });
}
