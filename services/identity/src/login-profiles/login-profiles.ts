import { Injectable } from '@nestjs/common';
import type { CreateLoginProfile, LoginProfileView } from '@wami/contracts';
import { ProblemError } from '@wami/platform';
import type { CommandContext } from '../commands/command-context';
import { ScopedStreams } from '../commands/scoped-streams';
import { Directory } from '../directory/directory';
import type { Answer } from '../http/answers';
import { KNOWN_KINDS } from '../resources/known-kinds';
import { ofOwner } from '../resources/of-owner';
import { ResourceCommands } from '../resources/resource-commands';
import { loginProfileType } from './login-profile.type';

/** That users sign in to consoles with a password. What is written here says that there is to be one: each target is given its own, sealed to who asked. */
@Injectable()
export class LoginProfiles {
  constructor(private readonly resources: ResourceCommands, private readonly streams: ScopedStreams, private readonly directory: Directory) {}

  /** @throws ProblemError NotFound, NameTaken where the user has one */
  create(context: CommandContext, user: string, body: CreateLoginProfile): Promise<Answer<LoginProfileView>> {
    return this.resources.createOf(loginProfileType, context, () => ofOwner(this.streams, context.caller, { kind: 'user', id: user }, body));
  }

  /** @throws ProblemError NotFound */
  async delete(context: CommandContext, user: string): Promise<Answer<LoginProfileView>> {
    return this.resources.delete(loginProfileType, context, async () => {
      await KNOWN_KINDS.user.load(this.streams, context.caller, user);
      const id = await this.directory.loginProfileOf(user);
      if (id === undefined) throw new ProblemError('NotFound', { detail: 'the user has no login profile' });
      return id;
    });
  }
}
