import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { IdentityProviderView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ResourceCommands } from '../resources/resource-commands';
import { CreateIdentityProviderDto, PatchIdentityProviderDto, IdentityProviderDto, WrittenIdentityProviderDto } from './identity-provider.dtos';
import { identityProviderType } from './identity-provider.type';

@ApiTags('identity-providers')
@Needs('change')
@Controller('v1/identity-providers')
export class IdentityProvidersController {
  constructor(private readonly resources: ResourceCommands, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({ summary: 'Create an identity provider', success: { 201: { description: 'Created.', type: WrittenIdentityProviderDto } }, refusals: [404], ifMatch: false })
  async create(
    @Body() body: CreateIdentityProviderDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<IdentityProviderView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.create(identityProviderType, context, body));
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read an identity provider', IdentityProviderDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<IdentityProviderView | undefined> {
    return sendOne(request, reply, await this.resources.read(identityProviderType, callerOf(request), id));
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchIdentityProviderDto })
  @ApiWrite({ summary: 'Change or rename an identity provider (JSON merge patch)', description: 'Its address and its protocol stay; lists are one value each.', success: { 200: { description: 'As it is now.', type: WrittenIdentityProviderDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchIdentityProviderDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<IdentityProviderView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.patch(identityProviderType, context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Delete an identity provider; roles that trust it stay, and nobody can assume them through it',
    success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<IdentityProviderView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.delete(identityProviderType, context, id));
  }
}
