import { Inject, Injectable } from '@nestjs/common';
import type { PolicyEvent, PolicyVersionView, PolicyView, RecordedEvent } from '@wami/contracts';
import { policyDecider } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { ProblemError, type Caller } from '@wami/platform';
import { policyAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { ScopedStreams } from '../commands/scoped-streams';
import { Directory } from '../directory/directory';
import type { Answer } from '../http/answers';
import { EVENT_STORE } from '../ports';
import { ResourceCommands } from '../resources/resource-commands';
import { policyType } from './policy.type';

const MOST_NAMED = 10;

/** What policies have beyond other resources. */
@Injectable()
export class Policies {
  constructor(
    private readonly resources: ResourceCommands, private readonly directory: Directory, private readonly streams: ScopedStreams,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /**
   * Attachments go with it; a boundary does not, since without it something could do more than before. A boundary that is set in the very
   * moment of the deletion bounds to nothing (see simulate).
   * @throws ProblemError PolicyInUse
   */
  delete(context: CommandContext, id: string): Promise<Answer<PolicyView>> {
    return this.resources.delete(policyType, context, id, async () => {
      await this.directory.caughtUp();
      const bounded = await this.directory.boundedBy(id, MOST_NAMED);
      if (bounded.length === 0) return;
      throw new ProblemError('PolicyInUse', {
        detail: 'the policy is a permissions boundary', params: { boundaryOf: bounded }, hint: 'give those another boundary, or none, first',
      });
    });
  }

  /** Every document that the policy had, the newest first. @throws ProblemError NotFound */
  async versions(caller: Caller, id: string): Promise<PolicyVersionView[]> {
    await this.streams.load(caller, policyAggregate, id);
    const versions = documentsOf(await this.store.readStream(id)).reverse();
    return versions.map((version, index) => ({ ...version, current: index === 0 }));
  }
}

function documentsOf(events: readonly RecordedEvent[]): Omit<PolicyVersionView, 'current'>[] {
  const versions: Omit<PolicyVersionView, 'current'>[] = [];
  let state = policyDecider.initialState;
  for (const event of events) {
    state = policyDecider.evolve(state, event as unknown as PolicyEvent);
    if (state.status !== 'active' || state.document.documentVersion === versions.length) continue;
    const { document, providerDocuments, documentVersion } = state.document;
    versions.push({
      documentVersion, document, ...(providerDocuments ? { providerDocuments: { ...providerDocuments } } : {}), version: event.version, createdAt: event.time,
      createdBy: event.meta.actor,
    });
  }
  return versions;
}
