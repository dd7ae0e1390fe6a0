import { Inject, Injectable } from '@nestjs/common';
import type { RecordedEvent, RecordedPauseEvent, Resumed, ResumeSync } from '@wami/contracts';
import { isSelectedBy, isStanding, pauseDecider, selectionsMeet, type Pause, type PauseSelection, type StandingPause } from '@wami/domain';
import type { Append, EventStore } from '@wami/event-store';
import { newId, ProblemError } from '@wami/platform';
import { pauseAggregate } from '../aggregates/aggregates';
import { againWhenChanged } from '../commands/again-when-changed';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done } from '../commands/command-handler';
import { Directory } from '../directory/directory';
import type { Answer } from '../http/answers';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { PauseSelections } from './pause-selections';

interface Ending {
  readonly done: Done<Pause>;
  readonly ended: readonly string[];
}

/** So many are ended by one command; who is told that more go on asks again. */
const MOST_ENDED = 500;
const MOST_READ = 2000;
const MOST_TOLD = 100;

/** Ends pauses: all that lie within what is selected, in one transaction. Those that reach further stay, and are told. */
@Injectable()
export class Resumes {
  constructor(
    private readonly commands: CommandHandler, private readonly selections: PauseSelections, private readonly directory: Directory,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @throws ProblemError NotFound, ValidationFailed */
  async resume(context: CommandContext, { reason, ...asked }: ResumeSync): Promise<Answer<Resumed>> {
    const { done, ended } = await againWhenChanged(() => this.end(context, asked, reason));
    const { selection } = await this.selections.of(context.caller, asked, false);
    const left = (await this.around(selection)).filter(({ id }) => !ended.includes(id)).slice(0, MOST_TOLD);
    return { done, body: { ended: [...ended], stillPausedBy: left } };
  }

  /** @throws ProblemError VersionConflict where somebody else ended one of them meanwhile */
  private async end(context: CommandContext, asked: Omit<ResumeSync, 'reason'>, reason: string | undefined): Promise<Ending> {
    let within: readonly StandingPause[] = [];
    const done = await this.commands.execute(context, pauseAggregate, async () => {
      const { selection } = await this.selections.of(context.caller, asked, false);
      within = (await this.around(selection)).filter((pause) => isSelectedBy(pause, selection)).slice(0, MOST_ENDED);
      const [first, ...others] = within;
      if (!first) return { stream: newId('pause'), isNew: true, plan: () => ({ tenant: selection.tenant, events: [], status: 200 }) };
      return {
        stream: first.id,
        plan: ({ state }) => {
          if (state.status !== 'active') throw new ProblemError('VersionConflict', { detail: 'it was resumed meanwhile' });
          const together = others.map(({ id }) => id);
          return {
            tenant: first.tenant, status: 200, closes: true,
            events: pauseDecider.decide(state, { type: 'end', ref: this.ref(first), ...(reason === undefined ? {} : { reason }), together }),
            ...(others.length === 0 ? {} : { also: async (client) => void await this.store.appendIn(client, others.map((pause) => this.ending(context, pause, reason))) }),
          };
        },
      };
    });
    return { done, ended: done.repeated ? endedBy(done) : within.map(({ id }) => id) };
  }

  /** One that stands has had one event: that it began. */
  private ending({ meta }: CommandContext, pause: StandingPause, reason: string | undefined): Append {
    const { id, tenant, ...document } = pause;
    const active: Pause = { status: 'active', document: { ...document, reason: '' } };
    const events = pauseDecider.decide(active, { type: 'end', ref: this.ref(pause), ...(reason === undefined ? {} : { reason }) });
    return { stream: id, tenant, expectedVersion: 1, events, meta, closes: true };
  }

  /** Those that hold anything of what is selected. */
  private async around(selection: PauseSelection): Promise<StandingPause[]> {
    await this.directory.caughtUp();
    const now = Date.now();
    return (await this.directory.pausesAround(selection.tenant, MOST_READ)).filter((pause) => isStanding(pause, now) && selectionsMeet(pause, selection));
  }

  private ref({ id, tenant }: StandingPause): { id: string; tenant: string; instance: string } {
    return { id, tenant, instance: this.settings.instance };
  }
}

/** What the first request with the same key ended. */
function endedBy({ after, events }: Done<Pause>): readonly string[] {
  const ended = (events as readonly RecordedEvent[]).find(({ type }) => type === 'wami.pause.ended.v1') as Extract<RecordedPauseEvent, { type: 'wami.pause.ended.v1' }> | undefined;
  return ended ? [after.id, ...(ended.data.together ?? [])] : [];
}
