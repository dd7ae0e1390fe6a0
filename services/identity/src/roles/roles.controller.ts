import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { RoleView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ResourceCommands } from '../resources/resource-commands';
import { CreateRoleDto, PatchRoleDto, RoleDto, WrittenRoleDto } from './role.dtos';
import { roleType } from './role.type';

@ApiTags('roles')
@Needs('change')
@Controller('v1/roles')
export class RolesController {
  constructor(private readonly resources: ResourceCommands, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({ summary: 'Create a role', success: { 201: { description: 'Created.', type: WrittenRoleDto } }, refusals: [404], ifMatch: false })
  async create(
    @Body() body: CreateRoleDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<RoleView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.create(roleType, context, body));
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read a role', RoleDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<RoleView | undefined> {
    return sendOne(request, reply, await this.resources.read(roleType, callerOf(request), id));
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchRoleDto })
  @ApiWrite({ summary: 'Change or rename a role (JSON merge patch)', description: 'The trust policy is one value; one that means the same as before changes nothing.', success: { 200: { description: 'As it is now.', type: WrittenRoleDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchRoleDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<RoleView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.patch(roleType, context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Delete a role; what belonged to it goes with it',
    success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<RoleView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.delete(roleType, context, id));
  }
}
