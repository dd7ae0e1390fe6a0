import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { GroupView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ResourceCommands } from '../resources/resource-commands';
import { CreateGroupDto, PatchGroupDto, GroupDto, WrittenGroupDto } from './group.dtos';
import { groupType } from './group.type';

@ApiTags('groups')
@Needs('change')
@Controller('v1/groups')
export class GroupsController {
  constructor(private readonly resources: ResourceCommands, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({ summary: 'Create a group', success: { 201: { description: 'Created.', type: WrittenGroupDto } }, refusals: [404], ifMatch: false })
  async create(
    @Body() body: CreateGroupDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<GroupView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.create(groupType, context, body));
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read a group', GroupDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<GroupView | undefined> {
    return sendOne(request, reply, await this.resources.read(groupType, callerOf(request), id));
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchGroupDto })
  @ApiWrite({ summary: 'Change or rename a group (JSON merge patch)', success: { 200: { description: 'As it is now.', type: WrittenGroupDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchGroupDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<GroupView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.patch(groupType, context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Delete a group; what belonged to it goes with it',
    success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<GroupView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.delete(groupType, context, id));
  }
}
