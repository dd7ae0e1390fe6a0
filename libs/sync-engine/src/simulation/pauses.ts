import type { TestIdentity } from '../spec-support/identity';
import type { Intention } from './intentions';
import type { RememberedEvents } from './remembered-events';

interface StandingPause {
  readonly id: string;
  /** Of its event in the log. */
  readonly place: number;
  readonly tenant: string;
  /** The one resource that it holds; absent: everything. */
  readonly only?: string;
  over: boolean;
}

/** What people do not want to be worked on for a time. */
export class Pauses {
  readonly all: StandingPause[] = [];

  constructor(private readonly identity: TestIdentity<RememberedEvents>) {}

  /** `one`: the resource that it holds; absent: everything of the tenant. */
  async start(one: Intention | undefined, tenant: string): Promise<void> {
    const id = await this.identity.pause({ tenant, ...(one ? { resource: one.id } : {}) });
    this.all.push({ id, place: this.identity.store.events.length, tenant, over: false, ...(one ? { only: one.id } : {}) });
  }

  /** False where none stands. */
  async endOne(): Promise<boolean> {
    const pause = this.all.find(({ over }) => !over);
    if (pause === undefined) return false;
    pause.over = true;
    await this.identity.resume(pause.id);
    return true;
  }
}
