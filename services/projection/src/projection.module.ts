import { Module, type DynamicModule } from '@nestjs/common';
import { scopedReader, type PersonalData } from '@wami/event-store';
import { scopedTenant } from '@wami/platform';
import type { Pool } from 'pg';
import { ProjectionController } from './admin/projection.controller';
import { ProjectionStatusQueries } from './admin/projection-status';
import { ConflictsController } from './conflicts/conflicts.controller';
import { ConflictsQueries } from './conflicts/conflicts.query';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DeadLettersQueries } from './dead-letters/dead-letters.query';
import { DriftController } from './drift/drift.controller';
import { DriftQueries } from './drift/drift.query';
import { EventReplaysController } from './replays/event-replays.controller';
import { EventStreams } from './events/event-stream';
import { EventsController } from './events/events.controller';
import { EventsQueries } from './events/events.query';
import { ServiceAccountAccessKeyListController, UserAccessKeyListController } from './access-keys/access-keys.controller';
import { AccessKeysQueries } from './access-keys/access-keys.query';
import { LoginProfileController } from './login-profiles/login-profiles.controller';
import { LoginProfilesQueries } from './login-profiles/login-profiles.query';
import { MfaDeviceListController } from './mfa-devices/mfa-devices.controller';
import { MfaDevicesQueries } from './mfa-devices/mfa-devices.query';
import { ApprovalsController } from './approvals/approvals.controller';
import { ApprovalsQueries } from './approvals/approvals.query';
import { ExplainController } from './explain/explain.controller';
import { ExplainQueries } from './explain/explain.query';
import { ExplainReads } from './explain/explain-reads';
import { ImportsController } from './imports/imports.controller';
import { ImportsQueries } from './imports/imports.query';
import { Projector } from './ingest/projector';
import { JobsController } from './jobs/jobs.controller';
import { JobsQueries } from './jobs/jobs.query';
import type { ReadModel } from './model/read-model';
import { PausesController } from './pauses/pauses.controller';
import { PausesQueries } from './pauses/pauses.query';
import { HEAD_SOURCE, MODELS, PERSONAL, POOL, READER, REPLAYER, SCHEMA } from './ports';
import { PlansController } from './plans/plans.controller';
import { PlansQueries } from './plans/plans.query';
import { ProvidersController } from './providers/providers.controller';
import { ProvidersQueries } from './providers/providers.query';
import { Applied } from './position/applied';
import { ConsistencyInterceptor } from './position/consistency.interceptor';
import type { HeadSource } from './position/head-source';
import { Lag } from './position/lag';
import { Rebuilder } from './rebuild/rebuilder';
import type { Replayer } from './replays/replayer';
import { RepairsController } from './repairs/repairs.controller';
import { RepairsQueries } from './repairs/repairs.query';
import { AccessQueries } from './reports/access.query';
import { ReportQueries } from './reports/report-queries';
import { ReportsController } from './reports/reports.controller';
import { ResourcesController } from './resources/resources.controller';
import { ResourcesQueries } from './resources/resources.query';
import { SyncStatesController } from './sync-states/sync-states.controller';
import { SyncStatesQueries } from './sync-states/sync-states.query';
import { SyncSummaryQueries } from './sync-states/sync-summary.query';

/** What the queries need of a running projection. */
export interface ProjectionModuleOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly models: readonly ReadModel[];
  readonly personal: PersonalData;
  readonly heads: HeadSource;
  readonly applied: Applied;
  readonly lag: Lag;
  readonly rebuilder: Rebuilder;
  readonly projector: Projector;
  readonly replayer?: Replayer | undefined;
}

/** The queries, as routes of a Nest app made by `createHttpApp`. */
@Module({})
export class ProjectionModule {
  static register({ pool, schema, models, personal, heads, applied, lag, rebuilder, replayer, projector }: ProjectionModuleOptions): DynamicModule {
    return {
      module: ProjectionModule,
      controllers: [ResourcesController, ExplainController, SyncStatesController, EventsController, EventReplaysController, JobsController, PausesController, PlansController, ImportsController, RepairsController, ApprovalsController, DriftController, ConflictsController, ProvidersController, ReportsController, ProjectionController, DeadLettersController, UserAccessKeyListController, ServiceAccountAccessKeyListController, LoginProfileController, MfaDeviceListController],
      providers: [
        { provide: POOL, useValue: pool }, { provide: READER, useValue: scopedReader(pool, scopedTenant) }, { provide: SCHEMA, useValue: schema }, { provide: MODELS, useValue: models },
        { provide: HEAD_SOURCE, useValue: heads }, { provide: PERSONAL, useValue: personal },
        { provide: Applied, useValue: applied }, { provide: Lag, useValue: lag }, { provide: Rebuilder, useValue: rebuilder }, { provide: Projector, useValue: projector }, { provide: REPLAYER, useValue: replayer },
        ConsistencyInterceptor, ResourcesQueries, SyncStatesQueries, SyncSummaryQueries, EventsQueries, EventStreams, JobsQueries, PausesQueries, PlansQueries, ImportsQueries, RepairsQueries, ApprovalsQueries, DriftQueries, ConflictsQueries, ProvidersQueries, AccessKeysQueries, LoginProfilesQueries, MfaDevicesQueries, ReportQueries, AccessQueries, ExplainReads, ExplainQueries,
        ProjectionStatusQueries, DeadLettersQueries,
      ],
    };
  }
}
