import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { PolicyVersionView, PolicyView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiProblems } from '../http/problem-responses';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ResourceCommands } from '../resources/resource-commands';
import { Policies } from './policies';
import { CreatePolicyDto, PatchPolicyDto, PolicyDto, PolicyVersionsDto, WrittenPolicyDto } from './policy.dtos';
import { policyType } from './policy.type';

@ApiTags('policies')
@Needs('change')
@Controller('v1/policies')
export class PoliciesController {
  constructor(private readonly resources: ResourceCommands, private readonly policies: Policies, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({ summary: 'Create a policy', success: { 201: { description: 'Created.', type: WrittenPolicyDto } }, refusals: [404], ifMatch: false })
  async create(
    @Body() body: CreatePolicyDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<PolicyView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.create(policyType, context, body));
  }

  @Get(':id')
  @Needs('read')
  @ApiRead('Read a policy', PolicyDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<PolicyView | undefined> {
    return sendOne(request, reply, await this.resources.read(policyType, callerOf(request), id));
  }

  @Get(':id/versions')
  @Needs('read')
  @ApiOperation({ summary: 'Every document that the policy had, the newest first' })
  @ApiResponse({ status: 200, description: 'As of its last event.', type: PolicyVersionsDto })
  @ApiProblems(401, 404)
  async versions(@Param('id') id: string, @Req() request: FastifyRequest): Promise<{ items: PolicyVersionView[] }> {
    return { items: await this.policies.versions(callerOf(request), id) };
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchPolicyDto })
  @ApiWrite({ summary: 'Change or rename a policy (JSON merge patch)', description: 'A document is one value; one that means the same as before changes nothing.', success: { 200: { description: 'As it is now.', type: WrittenPolicyDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Body() body: PatchPolicyDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<PolicyView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resources.patch(policyType, context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Delete a policy; it is detached from everything', description: 'One that is a permissions boundary is refused (409).',
    success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<PolicyView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.policies.delete(context, id));
  }
}
