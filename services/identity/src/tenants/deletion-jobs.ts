import { Inject, Injectable } from '@nestjs/common';
import type { EventStore } from '@wami/event-store';
import { EVENT_STORE } from '../ports';

/** The job under which a tenant's forced deletion runs. */
@Injectable()
export class DeletionJobs {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async of(tenantId: string): Promise<string> {
    for (const { type, data } of [...(await this.store.readStream(tenantId))].reverse()) {
      if (type === 'wami.tenant.deletion-requested.v1') return (data as { job: string }).job;
    }
    throw new Error(`no deletion of ${tenantId} was requested`);
  }
}
