import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { UserView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { DeleteUserQueryDto, WriteQueryDto } from '../commands/write-query';
import { Erasures } from '../erasure/erasures';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ResourceCommands } from '../resources/resource-commands';
import { CreateUserDto, PatchUserDto, UserDto, WrittenUserDto } from './user.dtos';
import { userType } from './user.type';

@ApiTags('users')
@Needs('change')
@Controller('v1/users')
export class UsersController {
  constructor(private readonly resources: ResourceCommands, private readonly erasures: Erasures, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({ summary: 'Create a user', success: { 201: { description: 'Created.', type: WrittenUserDto } }, refusals: [404], ifMatch: false })
  async create(
    @Body() body: CreateUserDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<UserView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.create(userType, context, body));
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read a user', UserDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserView | undefined> {
    return sendOne(request, reply, await this.resources.read(userType, callerOf(request), id));
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchUserDto })
  @ApiWrite({ summary: 'Change or rename a user (JSON merge patch)', success: { 200: { description: 'As it is now.', type: WrittenUserDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchUserDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<UserView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.patch(userType, context, id, body));
  }

  @Delete(':id')
  @Needs('change', 'tenant', { erase: 'configure' })
  @ApiWrite({
    summary: 'Delete a user; what belonged to it goes with it', description: 'With `erase=true` it is forgotten too, which cannot be undone; the second time nothing happens.',
    success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: DeleteUserQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<UserView>> {
    const context = commandContext(request, query);
    const answer = query.erase ? this.erasures.erase(userType, context, id) : this.resources.delete(userType, context, id);
    return this.answers.send(reply, context, await answer);
  }
}
