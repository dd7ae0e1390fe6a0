import type { INestApplication } from '@nestjs/common';
import type { GrpcStream } from '@wami/platform';
import { EventsQueries } from '../events/events.query';
import { Applied } from '../position/applied';
import { ResourcesQueries } from '../resources/resources.query';
import { SyncStatesQueries } from '../sync-states/sync-states.query';
import { watchEvents } from './watch-events';
import { watchSyncStates } from './watch-sync-states';

/** What of `wami.v1` the routes of the projection stand for. */
export const PROJECTION_GRPC: readonly string[] = ['Access', 'Resources', 'IssuedAccessKeys', 'IssuedLoginProfiles', 'IssuedMfaDevices', 'SyncStates', 'Jobs', 'Pauses', 'Plans', 'Imports', 'Repairs', 'Approvals', 'DriftReports', 'Conflicts', 'Providers', 'Reports', 'Events', 'EventReplays', 'Projections', 'DeadLetters'].map((name) => `wami.v1.${name}`);

/** The methods that go on answering. `app` holds the module of a projection. */
export function projectionStreams(app: INestApplication): Readonly<Record<string, GrpcStream>> {
  const events = app.get(EventsQueries, { strict: false });
  const states = app.get(SyncStatesQueries, { strict: false });
  const applied = app.get(Applied, { strict: false });
  return {
    'wami.v1.Events.WatchEvents': watchEvents(events, applied),
    'wami.v1.SyncStates.WatchSyncStates': watchSyncStates({ events, states, resources: app.get(ResourcesQueries, { strict: false }) }, applied),
  };
}
