import assert from 'node:assert/strict';
import type { Applied, Desired, Groundwork, Observed, Reference } from '@wami/provider-port';
import type { Claim } from '../claim';
import type { Stage } from '../stage';

/** Somebody at the provider, for whom things are made. */
export class Owned {
  private constructor(private readonly stage: Stage, readonly name: string, private readonly owner: Desired) {}

  static async by(stage: Stage): Promise<Owned> {
    const { owner = '' } = stage.sample.issued ?? {};
    const name = stage.name();
    const desired: Desired = { ...stage.desired(name, {}, owner), document: {} };
    await stage.create(desired, stage.handlerOf(owner));
    return new Owned(stage, name, desired);
  }

  desired(document: Readonly<Record<string, unknown>> = {}): Desired {
    return { ...this.stage.desired(undefined, { document: { ownerId: this.owner.mark.id, ...document } }), owner: this.name };
  }

  async prepare(desired: Desired): Promise<Groundwork> {
    const { handler } = this.stage;
    assert.ok(handler.prepare, 'it can be prepared');
    return handler.prepare(desired, this.stage.context());
  }

  /** As the engine does it. */
  async make(desired = this.desired()): Promise<{ readonly desired: Desired; readonly applied: Applied }> {
    await this.prepare(desired);
    const applied = await this.stage.handler.create(desired, this.stage.context());
    return { desired: { ...desired, name: applied.observed.name }, applied };
  }

  observe({ mark, name }: Desired, more: Partial<Reference>): Promise<Observed | undefined> {
    return this.stage.handler.observe({ mark, names: [name], owner: this.name, ...more }, [], this.stage.context());
  }

  /** The whole of what it is seen as by its id. */
  seen(desired: Desired, { observed: { providerResourceId } }: Applied): Promise<Observed | undefined> {
    return this.observe(desired, { providerResourceId });
  }

  async deleteOwner(): Promise<void> {
    const handler = this.stage.handlerOf(this.stage.sample.issued?.owner ?? '');
    const found = await handler.observe({ mark: this.owner.mark, names: [this.name] }, [], this.stage.context());
    assert.ok(found);
    await handler.delete(found, this.stage.context());
  }
}

export const loses: Claim['needs'] = ({ misbehaviour }) => (misbehaviour?.can.includes('lost-answer') ? undefined : 'it does not lose an answer when told to');
