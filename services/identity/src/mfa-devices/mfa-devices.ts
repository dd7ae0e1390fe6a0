import { Injectable } from '@nestjs/common';
import type { CreateMfaDevice, MfaDeviceView } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import type { CommandContext } from '../commands/command-context';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { ofOwner } from '../resources/of-owner';
import { ResourceCommands } from '../resources/resource-commands';
import { mfaDeviceType } from './mfa-device.type';

/** Second factors of users. What is written here says that there is to be one: each target makes its own, and seals the seed to who asked. */
@Injectable()
export class MfaDevices {
  constructor(private readonly resources: ResourceCommands, private readonly streams: ScopedStreams) {}

  /** @throws ProblemError NotFound, NameTaken where the user has one of this name */
  create(context: CommandContext, user: string, body: CreateMfaDevice): Promise<Answer<MfaDeviceView>> {
    return this.resources.createOf(mfaDeviceType, context, () => ofOwner(this.streams, context.caller, { kind: 'user', id: user }, body));
  }

  /** @throws ProblemError NotFound */
  async read(caller: Caller, user: string, id: string): Promise<{ readonly version: number; readonly view: MfaDeviceView }> {
    const found = await this.resources.read(mfaDeviceType, caller, id);
    if (found.view.owner !== user) throw new ProblemError('NotFound', { detail: 'there is no such mfa-device' });
    return found;
  }

  /** @throws ProblemError NotFound */
  delete(context: CommandContext, user: string, id: string): Promise<Answer<MfaDeviceView>> {
    return this.resources.delete(mfaDeviceType, context, async () => (await this.read(context.caller, user, id)).view.id);
  }
}
