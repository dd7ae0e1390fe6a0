import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { DeleteTenantQueryDto, WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiProblems } from '../http/problem-responses';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { TenantCommands } from './tenant-commands';
import { CreateTenantDto, JobStartedDto, PatchTenantDto, TenantDto, TenantListDto, TenantListQueryDto, WrittenTenantDto } from './tenant.dtos';
import { TenantList } from './tenant-list';
import { tenantView } from './tenant.view';
import { Tenants } from './tenants';

/** `{id}` is the tenant's path, percent-encoded: `acme%2Fengineering`. */
@ApiTags('tenants')
@Needs('configure')
@Controller('v1/tenants')
export class TenantsController {
  constructor(
    private readonly commands: TenantCommands, private readonly tenants: Tenants, private readonly list: TenantList, private readonly answers: Answers,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  @Post()
  @ApiWrite({
    summary: 'Create a tenant; its parent must exist', success: { 201: { description: 'Created.', type: WrittenTenantDto } }, refusals: [404], ifMatch: false,
  })
  async create(
    @Body() body: CreateTenantDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<TenantView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.commands.create(context, body));
  }

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'List tenants by path' })
  @ApiResponse({ status: 200, description: 'Everything that was written when the query arrived.', type: TenantListDto })
  @ApiProblems(400, 401, 404, 422, 503)
  async page(@Query() query: TenantListQueryDto, @Req() request: FastifyRequest): Promise<{ items: TenantView[]; nextCursor?: string }> {
    return this.list.page(callerOf(request), query);
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read a tenant', TenantDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<TenantView | undefined> {
    const { own } = await this.tenants.line(callerOf(request), id);
    return sendOne(request, reply, { version: own.version, view: tenantView(own, this.settings.instance) });
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchTenantDto })
  @ApiWrite({ summary: 'Change a tenant (JSON merge patch)', success: { 200: { description: 'As it is now.', type: WrittenTenantDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchTenantDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<TenantView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.commands.patch(context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Delete a tenant', description: 'One that holds anything is refused (409) unless `force=true`: then everything in it is deleted too, as a job.',
    success: {
      200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 202: { description: 'The deletion runs.', type: JobStartedDto }, 204: { description: 'Deleted.' },
    },
    refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: DeleteTenantQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<{ job: string }>> {
    const context = commandContext(request, query);
    const answer = query.force ? await this.commands.requestDeletion(context, id) : await this.commands.delete(context, id);
    return this.answers.send<{ job: string }>(reply, context, answer);
  }
}
