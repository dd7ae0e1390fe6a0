import { Inject, Injectable } from '@nestjs/common';
import type { RecordedEvent, SubjectEvent } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { Append, EventStore } from '@wami/event-store';
import type { PoolClient } from 'pg';
import { fold } from '../commands/aggregate';
import { CommandHandler } from '../commands/command-handler';
import { systemContext } from '../housekeeping/system-context';
import type { Task } from '../housekeeping/tasks';
import { EVENT_STORE, IDENTITY_SETTINGS, SUBJECT_KEYS, type IdentitySettings, type SubjectKeys } from '../ports';
import { importAggregate } from './import-aggregate';

/** What imports found is about people whom nobody here asked: it is forgotten after a time, and with each of them who is erased. */
@Injectable()
export class ForgottenImports {
  constructor(
    private readonly commands: CommandHandler, @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(SUBJECT_KEYS) private readonly keys: SubjectKeys, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** Its time is over. */
  async forget(task: Task): Promise<void> {
    await this.commands.execute(systemContext(task), importAggregate, () => ({
      stream: task.subject,
      plan: ({ state, tenant }) => ({
        tenant, events: state.request && !state.forgotten ? [this.event(task.subject, tenant)] : [], status: 204, closes: true,
        also: (transaction) => this.keys.destroy(transaction, { subject: task.subject, tenant }),
      }),
    }));
  }

  /** For whoever erases the resource of which this is the first event: forgets the import that it came from, in the same transaction. Nothing for one that was made by hand. */
  async with(created: RecordedEvent | undefined, meta: Append['meta']): Promise<(transaction: PoolClient) => Promise<void>> {
    const job = (created?.personal as { readonly adopts?: { readonly job: string } } | undefined)?.adopts?.job;
    const known = job === undefined ? undefined : fold(importAggregate, job, await this.store.readStream(job));
    if (!known || known.version === 0 || known.state.forgotten) return () => Promise.resolve();
    const { id, tenant, version } = known;
    return async (transaction) => {
      await this.store.appendIn(transaction, [{ stream: id, tenant, expectedVersion: version, events: [this.event(id, tenant)], meta, closes: true }]);
      await this.keys.destroy(transaction, { subject: id, tenant });
    };
  }

  private event(id: string, tenant: string): SubjectEvent {
    return eventAbout<SubjectEvent>('sync-job', { id, tenant, instance: this.settings.instance }, { type: 'wami.subject.erased.v1', data: { kind: 'import' }, personal: {} });
  }
}
