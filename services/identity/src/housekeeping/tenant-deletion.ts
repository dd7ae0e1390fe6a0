import { Injectable } from '@nestjs/common';
import { ProblemError } from '@wami/platform';
import { ApiKeys } from '../api-keys/api-keys';
import type { CommandContext } from '../commands/command-context';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { kindOfId } from '../resources/known-kinds';
import { PauseEnds } from '../pauses/pause-ends';
import { ResourceCommands } from '../resources/resource-commands';
import { TenantCommands } from '../tenants/tenant-commands';
import { Tenants } from '../tenants/tenants';
import { systemContext } from './system-context';
import { Tasks, type Task } from './tasks';
import { unlessGone } from './unless-gone';

const PAGE = 200;
const PARALLEL = 8;

/** Carries out a forced deletion: what the tenant and its children hold, then the children from below, then the tenant. */
@Injectable()
export class TenantDeletion {
  constructor(
    private readonly directory: Directory, private readonly resources: ResourceCommands, private readonly commands: TenantCommands,
    private readonly tenants: Tenants, private readonly tasks: Tasks, private readonly apiKeys: ApiKeys, private readonly pauses: PauseEnds,
  ) {}

  /** False where something is left: it is gone on with soon. */
  async carryOut(task: Task, signal: AbortSignal): Promise<boolean> {
    const line = await this.tenants.find(task.subject);
    if (line?.own.state.status !== 'deleting') return true;
    const context = systemContext(task);
    await this.directory.caughtUp();
    if (!(await this.emptyOut(task, context, signal))) return false;
    const inside = await this.pathsWithin(task.subject);
    for (const path of inside.reverse()) {
      if (signal.aborted || !(await this.deleteTenant(context, path))) return false;
    }
    return true;
  }

  private async emptyOut(task: Task, context: CommandContext, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const page = await this.directory.resourcesWithin(task.subject, PAGE);
      if (page.length === 0) return true;
      await eachLimited(page, PARALLEL, ({ id, kind }) => unlessGone(() => this.delete(context, kind, id)));
      await this.tasks.stillAtIt(task);
      await this.directory.caughtUp();
    }
    return false;
  }

  private async delete(context: CommandContext, kind: string, id: string): Promise<unknown> {
    if (kind === 'pause') return this.pauses.end(context, id);
    return kind === 'api-key' ? this.apiKeys.revoke(context, id) : kindOfId(id)?.delete(this.resources, context, id);
  }

  /** Parents first. */
  private async pathsWithin(tenant: string): Promise<string[]> {
    const paths: string[] = [];
    for (let after = ''; ;) {
      const page = await this.directory.tenantPaths({ within: tenant, after, limit: PAGE });
      const last = page.at(-1);
      if (last === undefined) return paths;
      paths.push(...page);
      after = last;
    }
  }

  private async deleteTenant(context: CommandContext, path: string): Promise<boolean> {
    try {
      await unlessGone(() => this.commands.deleteEmpty(context, path));
      return true;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'TenantNotEmpty') return false;
      throw error;
    }
  }
}
