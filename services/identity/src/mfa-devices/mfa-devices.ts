import { Injectable } from '@nestjs/common';
import type { CreateMfaDevice, MfaDeviceView } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import type { CommandContext } from '../commands/command-context';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { KNOWN_KINDS } from '../resources/known-kinds';
import { ResourceCommands } from '../resources/resource-commands';
import { mfaDeviceType } from './mfa-device.type';

/** Second factors of users. What is written here says that there is to be one: each target makes its own, and seals the seed to who asked. */
@Injectable()
export class MfaDevices {
  constructor(private readonly resources: ResourceCommands, private readonly streams: ScopedStreams) {}

  /** @throws ProblemError NotFound, NameTaken where the user has one of this name */
  async create(context: CommandContext, user: string, body: CreateMfaDevice): Promise<Answer<MfaDeviceView>> {
    const { tenant, syncToProviders } = await KNOWN_KINDS.user.load(this.streams, context.caller, user);
    const narrowed = syncToProviders === undefined ? {} : { syncToProviders: [...syncToProviders] };
    return this.resources.create(mfaDeviceType, context, { ...narrowed, ...body, tenant, ownerId: user });
  }

  /** @throws ProblemError NotFound */
  async read(caller: Caller, user: string, id: string): Promise<{ readonly version: number; readonly view: MfaDeviceView }> {
    const found = await this.resources.read(mfaDeviceType, caller, id);
    if (found.view.owner !== user) throw new ProblemError('NotFound', { detail: 'there is no such mfa-device' });
    return found;
  }

  /** @throws ProblemError NotFound */
  async delete(context: CommandContext, user: string, id: string): Promise<Answer<MfaDeviceView>> {
    await this.read(context.caller, user, id);
    return this.resources.delete(mfaDeviceType, context, id);
  }
}
