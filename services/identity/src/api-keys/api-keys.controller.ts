import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ApiKeyView, IssuedApiKey } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiProblems } from '../http/problem-responses';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { ApiKeyDto, ApiKeyListDto, ApiKeyListQueryDto, CreateApiKeyDto, IssuedApiKeyDto, RotateApiKeyBodyDto, RotateApiKeyDto } from './api-key.dtos';
import { ApiKeys } from './api-keys';
import { ApiKeyViews } from './api-key-views';

@ApiTags('access')
@Needs('configure')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys, private readonly views: ApiKeyViews, private readonly answers: Answers) {}

  @Post()
  @ApiWrite({
    summary: 'Create an API key', description: 'The answer holds the secret, this once; only a hash is kept.',
    success: { 201: { description: 'Created.', type: IssuedApiKeyDto } }, refusals: [403, 404], ifMatch: false,
  })
  async create(
    @Body() body: CreateApiKeyDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<IssuedApiKey>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.keys.create(context, body));
  }

  @Get()
  @ApiOperation({ summary: 'List API keys, oldest first' })
  @ApiResponse({ status: 200, description: 'Those that are not revoked; without secrets.', type: ApiKeyListDto })
  @ApiProblems(400, 401, 403, 404, 422, 503)
  async list(@Query() query: ApiKeyListQueryDto, @Req() request: FastifyRequest): Promise<{ items: ApiKeyView[]; nextCursor?: string }> {
    return this.views.page(callerOf(request), query);
  }

  @Get(':id')
  @ApiRead('Read an API key', ApiKeyDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<ApiKeyView | undefined> {
    return sendOne(request, reply, await this.views.read(callerOf(request), id));
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @ApiBody({ type: RotateApiKeyBodyDto, required: false })
  @ApiWrite({
    summary: 'Give an API key a new secret; the one before goes on being taken for a while',
    success: { 200: { description: 'The key with its new secret, this once.', type: IssuedApiKeyDto } }, refusals: [403, 404],
  })
  async rotate(
    @Param('id') id: string, @Body() body: RotateApiKeyDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<IssuedApiKey>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.keys.rotate(context, id, body));
  }

  @Delete(':id')
  @ApiWrite({
    summary: 'Revoke an API key', description: 'Every service refuses its secrets within 5 seconds.',
    success: { 200: { description: 'Revoked, where it was asked to wait.', type: SyncBodyDto }, 204: { description: 'Revoked.' } }, refusals: [403, 404],
  })
  async revoke(
    @Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<never>> {
    const context = commandContext(request, query);
    return this.answers.send<never>(reply, context, await this.keys.revoke(context, id));
  }
}
