import { Body, Controller, Delete, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { LoginProfileView } from '@wami/contracts';
import { Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { SyncBodyDto } from '../http/sync-body.dto';
import { CreateLoginProfileDto, WrittenLoginProfileDto } from './login-profile.dtos';
import { LoginProfiles } from './login-profiles';

@ApiTags('login-profiles')
@Controller('v1/users/:id/login-profile')
export class LoginProfilesController {
  constructor(private readonly profiles: LoginProfiles, private readonly answers: Answers) {}

  @Post()
  @Needs('credentials')
  @ApiWrite({
    summary: 'Let a user sign in to consoles', description: 'Each target is given a first password of its own, which has to be changed at the first sign-in. It is sealed to `sealTo` where it arises and shown by GET; nobody but who has the private key can read it. 409 where the user has a login profile.',
    success: { 201: { description: 'Created.', type: WrittenLoginProfileDto } }, refusals: [404], ifMatch: false,
  })
  async create(
    @Param('id') id: string, @Body() body: CreateLoginProfileDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<LoginProfileView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.profiles.create(context, id, body));
  }

  @Delete()
  @Needs('change')
  @ApiWrite({
    summary: 'Let a user sign in no more, here and at every target', success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<LoginProfileView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.profiles.delete(context, id));
  }
}
