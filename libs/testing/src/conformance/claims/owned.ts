import assert from 'node:assert/strict';
import type { Applied, Desired, Groundwork, Observed, Reference, ResourceHandler } from '@wami/provider-port';
import type { Claim } from '../claim';
import { NO_CHANGES, type Stage } from '../stage';

/** Somebody at the provider, for whom things are made. */
export class Owned {
  private constructor(private readonly stage: Stage, readonly name: string, private readonly owner: Desired, private readonly standing: Observed) {}

  /** `name`: of one that is there no more, or has another by now. */
  static async by(stage: Stage, name = stage.name()): Promise<Owned> {
    const { owner = '' } = stage.sample.issued ?? {};
    const desired = stage.desired(name, {}, owner);
    const unlike = { ...desired, mark: { ...desired.mark, id: `${desired.mark.id}-${stage.name()}` }, document: {} };
    return new Owned(stage, name, unlike, await stage.create(unlike, stage.handlerOf(owner)));
  }

  desired(document: Readonly<Record<string, unknown>> = {}): Desired {
    return { ...this.stage.desired(undefined, { document: { ownerId: this.owner.mark.id, ...document } }), owner: this.name, ownerResourceId: this.standing.providerResourceId };
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
    return this.stage.handler.observe({ mark, names: [name], owner: this.name, ownerResourceId: this.standing.providerResourceId, ...more }, [], this.stage.context());
  }

  /** The whole of what it is seen as by its id. */
  seen(desired: Desired, { observed: { providerResourceId } }: Applied): Promise<Observed | undefined> {
    return this.observe(desired, { providerResourceId });
  }

  /** As somebody else does it there: what is on record stays what it was. Resolves with the new name. */
  async renamedByOthers(): Promise<string> {
    const name = this.stage.name();
    await this.ownersHandler.update({ ...this.owner, name }, this.standing, { ...NO_CHANGES, fields: { name } }, this.stage.context());
    return name;
  }

  async deleteOwner(): Promise<void> {
    const found = await this.ownersHandler.observe({ mark: this.owner.mark, names: [this.name] }, [], this.stage.context());
    assert.ok(found);
    await this.ownersHandler.delete(found, this.stage.context());
  }

  private get ownersHandler(): ResourceHandler {
    return this.stage.handlerOf(this.stage.sample.issued?.owner ?? '');
  }
}

export const loses: Claim['needs'] = ({ misbehaviour }) => (misbehaviour?.can.includes('lost-answer') ? undefined : 'it does not lose an answer when told to');

/** Who has the name that the owner of `before` had, with one of its own, told from that of `before`: some providers know them by the second alone. */
export async function successorOf(stage: Stage, { name }: Owned, before: Observed): Promise<{ readonly owned: Owned; readonly made: Awaited<ReturnType<Owned['make']>> }> {
  for (;;) {
    const owned = await Owned.by(stage, name);
    const made = await owned.make();
    if (made.applied.observed.providerResourceId !== before.providerResourceId) return { owned, made };
    await owned.deleteOwner();
  }
}
