import { Inject, Injectable, Module, type DynamicModule, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { EventLog } from '@wami/event-log';
import type { EventStore } from '@wami/event-store';
import type { HealthRegistry, Logger } from '@wami/platform';
import type { Pool } from 'pg';
import { AccessKeys } from './access-keys/access-keys';
import { ServiceAccountAccessKeysController, UserAccessKeysController } from './access-keys/access-keys.controller';
import { LoginProfiles } from './login-profiles/login-profiles';
import { LoginProfilesController } from './login-profiles/login-profiles.controller';
import { MfaDevices } from './mfa-devices/mfa-devices';
import { MfaDevicesController } from './mfa-devices/mfa-devices.controller';
import { ApiKeys } from './api-keys/api-keys';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { ApiKeyViews } from './api-keys/api-key-views';
import { Approvals } from './approvals/approvals';
import { ApprovalsController } from './approvals/approvals.controller';
import { HeardApprovals } from './approvals/heard-approvals';
import { Attachments } from './attachments/attachments';
import {
  GroupPoliciesController, RolePoliciesController, ServiceAccountPoliciesController, UserPoliciesController,
} from './attachments/attachments.controller';
import { BatchController } from './batch/batch.controller';
import { BatchWaits } from './batch/batch-waits';
import { Batches } from './batch/batches';
import { CommandHandler } from './commands/command-handler';
import { DryRun } from './commands/dry-run';
import { ScopedStreams } from './commands/scoped-streams';
import { Directory } from './directory/directory';
import { Erasures } from './erasure/erasures';
import { GroupsController } from './groups/groups.controller';
import { Housekeeper } from './housekeeping/housekeeper';
import { Relations } from './housekeeping/relations';
import { Tasks } from './housekeeping/tasks';
import { TenantDeletion } from './housekeeping/tenant-deletion';
import { Answers } from './http/answers';
import { UnavailableInterceptor } from './http/unavailable.interceptor';
import { IdentityProvidersController } from './identity-providers/identity-providers.controller';
import { ForgottenImports } from './imports/forgotten-imports';
import { ImportDecisions } from './imports/import-decisions';
import { ImportRequests } from './imports/import-requests';
import { ImportedThings } from './imports/imported-things';
import { ImportsController } from './imports/imports.controller';
import { Memberships } from './memberships/memberships';
import { MembershipsController } from './memberships/memberships.controller';
import { PauseEnds } from './pauses/pause-ends';
import { PauseSelections } from './pauses/pause-selections';
import { Pauses } from './pauses/pauses';
import { PausesController } from './pauses/pauses.controller';
import { Resumes } from './pauses/resumes';
import { PlanVerbs } from './plans/plan-verbs';
import { PlansController } from './plans/plans.controller';
import { Policies } from './policies/policies';
import { PoliciesController } from './policies/policies.controller';
import { API_KEYS, EVENT_LOG, EVENT_STORE, HEALTH, IDENTITY_SETTINGS, LOGGER, POOL, SUBJECT_KEYS, type ApiKeySettings, type IdentitySettings, type SubjectKeys } from './ports';
import { RelationsController } from './relations/relations.controller';
import { DeadLetterRequests } from './dead-letters/dead-letter-requests';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { RepairRequests } from './repairs/repair-requests';
import { RepairStatements } from './repairs/repair-statements';
import { RepairsController } from './repairs/repairs.controller';
import { StatedResources } from './repairs/stated-resources';
import { PolicyReferences } from './resources/policy-references';
import { ResourceCommands } from './resources/resource-commands';
import { RolesController } from './roles/roles.controller';
import { ServiceAccountsController } from './service-accounts/service-accounts.controller';
import { GatheredPolicies } from './simulate/gathered-policies';
import { SimulateController } from './simulate/simulate.controller';
import { Simulations } from './simulate/simulations';
import { StoredPrincipals } from './simulate/stored-principals';
import { SyncConfigController } from './sync-config/sync-config.controller';
import { SyncConfigs } from './sync-config/sync-configs';
import { JobRequests } from './sync-verbs/job-request';
import { SyncJobs } from './sync-verbs/sync-jobs';
import { TargetChecks } from './sync-verbs/target-checks';
import { SyncVerbsController } from './sync-verbs/sync-verbs.controller';
import { Pulls } from './take-overs/pulls';
import { TakeOvers } from './take-overs/take-overs';
import { DeletionJobs } from './tenants/deletion-jobs';
import { TenantCommands } from './tenants/tenant-commands';
import { TenantList } from './tenants/tenant-list';
import { Tenants } from './tenants/tenants';
import { TenantsController } from './tenants/tenants.controller';
import { UsersController } from './users/users.controller';
import { OutcomeTail } from './waiting/outcome-tail';
import { SyncWait } from './waiting/sync-wait';

export interface IdentityModuleOptions extends IdentitySettings {
  /** Opened on a schema with `IDENTITY_MIGRATIONS`. Stays the caller's to close, like pool and log. */
  readonly store: EventStore;
  readonly pool: Pool;
  /** Where the outcomes of `syncSources` are heard. */
  readonly log: EventLog;
  readonly logger: Logger;
  readonly health: HealthRegistry;
  readonly apiKeys: ApiKeySettings;
  readonly subjectKeys: SubjectKeys;
}

/** Starts what runs beside the requests, and ends it with the application. */
@Injectable()
class Background implements OnModuleInit, OnModuleDestroy {
  constructor(private readonly tail: OutcomeTail, private readonly housekeeper: Housekeeper, private readonly imports: ImportDecisions, @Inject(HEALTH) private readonly registry: HealthRegistry) {}

  async onModuleInit(): Promise<void> {
    this.registry.add('outcomes', () => this.tail.health());
    this.registry.add('housekeeping', () => this.housekeeper.health());
    this.registry.add('imports', () => this.imports.health());
    await Promise.all([this.tail.start(), this.housekeeper.start(), this.imports.start()]);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.tail.close(), this.housekeeper.close(), this.imports.close()]);
  }
}

/** Commands: the routes of identity, for an application of its own or beside others on one origin. */
@Module({})
export class IdentityModule {
  static register({ store, pool, log, logger, health, apiKeys, subjectKeys, instance, syncSources }: IdentityModuleOptions): DynamicModule {
    const settings: IdentitySettings = { instance, syncSources };
    return {
      module: IdentityModule,
      controllers: [
        TenantsController, SyncConfigController, UsersController, GroupsController, RolesController, SimulateController, PoliciesController,
        ServiceAccountsController, MembershipsController, UserPoliciesController, GroupPoliciesController, RolePoliciesController,
        ServiceAccountPoliciesController, RelationsController, SyncVerbsController, PausesController, PlansController, ImportsController, RepairsController, DeadLettersController, ApprovalsController, BatchController, ApiKeysController,
        UserAccessKeysController, ServiceAccountAccessKeysController, LoginProfilesController, MfaDevicesController, IdentityProvidersController,
      ],
      providers: [
        { provide: EVENT_STORE, useValue: store }, { provide: POOL, useValue: pool }, { provide: EVENT_LOG, useValue: log },
        { provide: LOGGER, useValue: logger }, { provide: IDENTITY_SETTINGS, useValue: settings }, { provide: HEALTH, useValue: health }, { provide: API_KEYS, useValue: apiKeys },
        { provide: SUBJECT_KEYS, useValue: subjectKeys },
        { provide: APP_INTERCEPTOR, useClass: UnavailableInterceptor },
        CommandHandler, DryRun, ScopedStreams, Tenants, TenantCommands, TenantList, DeletionJobs, SyncConfigs, ResourceCommands, Erasures, PolicyReferences,
        Memberships, Attachments, Policies, StoredPrincipals, GatheredPolicies, Simulations,
        LoginProfiles, MfaDevices, JobRequests, SyncJobs, TargetChecks, Pauses, PauseSelections, PauseEnds, Resumes, PlanVerbs, ImportRequests, ImportDecisions, ImportedThings, TakeOvers, Pulls, ForgottenImports, DeadLetterRequests, RepairRequests, RepairStatements, StatedResources, Approvals, HeardApprovals, Batches, BatchWaits, Answers, SyncWait, OutcomeTail, Directory, Housekeeper, Relations, Tasks, TenantDeletion, ApiKeys, ApiKeyViews, AccessKeys, Background,
      ],
    };
  }
}
