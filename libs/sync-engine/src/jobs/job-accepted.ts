import type { NewEventOf, RecordedSyncJobEvent, syncJobAccepted } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import { causedBy } from '../fold/fold-resources';

/** That a target took a job on, or of a plan why it did not. */
export function jobAccepted(
  provider: string, job: RecordedSyncJobEvent, account: string, bindings: number, plan: Pick<NewEventOf<typeof syncJobAccepted>['data'], 'plan' | 'refused' | 'undone'> = {},
): Append {
  const stream = `${provider}/${account}/${job.stream}`;
  const event: NewEventOf<typeof syncJobAccepted> = {
    type: 'wami.sync.job-accepted.v1', stream, key: job.stream, tenant: job.tenant, subject: job.subject,
    data: { job: job.stream, provider, account, bindings, ...plan }, personal: {},
  };
  return { stream, tenant: job.tenant, expectedVersion: 0, events: [event], meta: causedBy(job) };
}
