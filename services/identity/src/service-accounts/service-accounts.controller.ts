import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { ServiceAccountView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ResourceCommands } from '../resources/resource-commands';
import { CreateServiceAccountDto, PatchServiceAccountDto, ServiceAccountDto, WrittenServiceAccountDto } from './service-account.dtos';
import { serviceAccountType } from './service-account.type';

@ApiTags('service-accounts')
@Needs('change')
@Controller('v1/service-accounts')
export class ServiceAccountsController {
  constructor(private readonly resources: ResourceCommands, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({ summary: 'Create a service account', success: { 201: { description: 'Created.', type: WrittenServiceAccountDto } }, refusals: [404], ifMatch: false })
  async create(
    @Body() body: CreateServiceAccountDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<ServiceAccountView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.create(serviceAccountType, context, body));
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read a service account', ServiceAccountDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServiceAccountView | undefined> {
    return sendOne(request, reply, await this.resources.read(serviceAccountType, callerOf(request), id));
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchServiceAccountDto })
  @ApiWrite({ summary: 'Change or rename a service account (JSON merge patch)', success: { 200: { description: 'As it is now.', type: WrittenServiceAccountDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchServiceAccountDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<ServiceAccountView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.patch(serviceAccountType, context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Delete a service account; what belonged to it goes with it',
    success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<ServiceAccountView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.delete(serviceAccountType, context, id));
  }
}
