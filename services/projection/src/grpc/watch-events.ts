import { queriedTenant, type GrpcStream } from '@wami/platform';
import { eventsQuerySchema, filterOf, toItem, type EventsQueries } from '../events/events.query';
import type { Applied } from '../position/applied';
import { follow } from './follow';
import { parsed } from './parsed';

const requestSchema = eventsQuerySchema.pick({ after: true, type: true, tenant: true, resource: true });

/** What `GET /v1/events` streams. */
export function watchEvents(queries: EventsQueries, applied: Applied): GrpcStream {
  return {
    access: { permission: 'read', of: 'tenant' },
    async run({ request, caller, signal, send }) {
      const { after, tenant, ...narrowed } = parsed(requestSchema, request);
      const filter = filterOf(queriedTenant(caller, tenant), narrowed);
      await follow({ queries, applied, filter, signal }, await queries.start(after, filter), async (events) => {
        for (const event of events) await send(toItem(event));
      });
    },
  };
}
