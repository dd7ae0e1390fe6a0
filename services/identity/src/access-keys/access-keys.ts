import { Injectable } from '@nestjs/common';
import type { AccessKeyView, CreateAccessKey, KeyOwnerKind, PatchAccessKey } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import type { CommandContext } from '../commands/command-context';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { ofOwner } from '../resources/of-owner';
import { ResourceCommands } from '../resources/resource-commands';
import { accessKeyType } from './access-key.type';

/** Whose key a path speaks of. */
export interface KeyOwner {
  readonly kind: KeyOwnerKind;
  readonly id: string;
}

/** Access keys of users and service accounts. What is written here says that there is to be one: each target makes its own, and seals what it made to who asked. */
@Injectable()
export class AccessKeys {
  constructor(private readonly resources: ResourceCommands, private readonly streams: ScopedStreams) {}

  /** @throws ProblemError NotFound */
  create(context: CommandContext, owner: KeyOwner, body: CreateAccessKey): Promise<Answer<AccessKeyView>> {
    return this.resources.createOf(accessKeyType, context, () => ofOwner(this.streams, context.caller, owner, { ...body, ownerKind: owner.kind }));
  }

  /** @throws ProblemError NotFound */
  async read(caller: Caller, owner: KeyOwner, id: string): Promise<{ readonly version: number; readonly view: AccessKeyView }> {
    const found = await this.resources.read(accessKeyType, caller, id);
    if (found.view.owner !== owner.id || found.view.ownerKind !== owner.kind) throw new ProblemError('NotFound', { detail: 'there is no such access-key' });
    return found;
  }

  /** @throws ProblemError NotFound */
  patch(context: CommandContext, owner: KeyOwner, id: string, body: PatchAccessKey): Promise<Answer<AccessKeyView>> {
    return this.resources.patch(accessKeyType, context, () => this.idOf(context.caller, owner, id), body);
  }

  /** @throws ProblemError NotFound */
  delete(context: CommandContext, owner: KeyOwner, id: string): Promise<Answer<AccessKeyView>> {
    return this.resources.delete(accessKeyType, context, () => this.idOf(context.caller, owner, id));
  }

  /** @throws ProblemError NotFound where it is not the owner's */
  private async idOf(caller: Caller, owner: KeyOwner, id: string): Promise<string> {
    return (await this.read(caller, owner, id)).view.id;
  }
}
