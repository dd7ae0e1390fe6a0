import { Injectable } from '@nestjs/common';
import { parentTenant, saidSyncConfigSchema, syncConfigSchema, syncMapSchema, type SyncConfig, type SyncConfigPatch } from '@wami/contracts';
import { resolveSyncConfig } from '@wami/domain';
import { createDto } from '@wami/platform';
import type { Caller } from '@wami/platform';
import type { CommandContext } from '../commands/command-context';
import type { Answer } from '../http/answers';
import { TenantCommands } from '../tenants/tenant-commands';
import { Tenants } from '../tenants/tenants';

const viewSchema = syncConfigSchema.extend({
  own: saidSyncConfigSchema.describe('What the tenant says itself.'),
  effective: syncConfigSchema.describe('What holds for it, inheritance resolved: the same as stands beside.'),
});
export class SyncConfigDto extends createDto(viewSchema) {}
export class WrittenSyncConfigDto extends createDto(viewSchema.extend({ sync: syncMapSchema.optional() })) {}

/** The settings that hold, and those that the tenant made itself. The version is the tenant's. */
export type SyncConfigView = SyncConfig & { readonly own: SyncConfigPatch; readonly effective: SyncConfig };

@Injectable()
export class SyncConfigs {
  constructor(private readonly tenants: Tenants, private readonly commands: TenantCommands) {}

  /** @throws ProblemError NotFound */
  async read(caller: Caller, path: string): Promise<{ readonly version: number; readonly view: SyncConfigView }> {
    const { own, all } = await this.tenants.line(caller, path);
    return { version: own.version, view: viewOf(all.map(({ document }) => document.syncConfig)) };
  }

  async replace(context: CommandContext, path: string, config: SyncConfigPatch): Promise<Answer<SyncConfigView>> {
    const done = await this.commands.change(context, path, { type: 'configure-sync', config }, { status: 200 });
    const { state } = done.after;
    const parent = parentTenant(path);
    const above = parent === undefined ? undefined : await this.tenants.find(parent);
    const inherited = (above?.all ?? []).map(({ document }) => document.syncConfig);
    return { done, body: viewOf([...inherited, 'document' in state ? state.document.syncConfig : {}]) };
  }
}

function viewOf(lineage: readonly SyncConfigPatch[]): SyncConfigView {
  const effective = resolveSyncConfig(lineage);
  return { ...effective, own: lineage.at(-1) ?? {}, effective };
}
