import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { AccessKeyView, KeyOwnerKind } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { AccessKeyDto, CreateAccessKeyDto, PatchAccessKeyDto, WrittenAccessKeyDto } from './access-key.dtos';
import { AccessKeys, type KeyOwner } from './access-keys';

/** The same routes for each kind that has access keys; the route says the kind. */
@ApiTags('access-keys')
abstract class AccessKeyRoutes {
  protected abstract readonly kind: KeyOwnerKind;

  constructor(private readonly keys: AccessKeys, private readonly answers: Answers) {}

  @Post()
  @Needs('credentials')
  @ApiWrite({
    summary: 'Create an access key', description: 'Each target makes one of its own. Its secret is sealed to `sealTo` where it arises and shown by the list of keys; nobody but who has the private key can read it.',
    success: { 201: { description: 'Created.', type: WrittenAccessKeyDto } }, refusals: [404], ifMatch: false,
  })
  async create(
    @Param('id') id: string, @Body() body: CreateAccessKeyDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<AccessKeyView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.keys.create(context, this.owner(id), body));
  }

  @Get(':key')
  @Needs('read')
  @ApiRead('Read an access key', AccessKeyDto)
  async read(
    @Param('id') id: string, @Param('key') key: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessKeyView | undefined> {
    return sendOne(request, reply, await this.keys.read(callerOf(request), this.owner(id), key));
  }

  @Patch(':key')
  @Needs('credentials')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: PatchAccessKeyDto })
  @ApiWrite({ summary: 'Deactivate or activate an access key (JSON merge patch)', success: { 200: { description: 'As it is now.', type: WrittenAccessKeyDto } }, refusals: [404] })
  async patch(
    @Param('id') id: string, @Param('key') key: string, @Body() body: PatchAccessKeyDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<AccessKeyView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.keys.patch(context, this.owner(id), key, body));
  }

  @Delete(':key')
  @Needs('change')
  @ApiWrite({
    summary: 'Delete an access key, here and at every target', success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Param('key') key: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<AccessKeyView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.keys.delete(context, this.owner(id), key));
  }

  private owner(id: string): KeyOwner {
    return { kind: this.kind, id };
  }
}

@Controller('v1/users/:id/access-keys')
export class UserAccessKeysController extends AccessKeyRoutes {
  protected readonly kind = 'user';
}

@Controller('v1/service-accounts/:id/access-keys')
export class ServiceAccountAccessKeysController extends AccessKeyRoutes {
  protected readonly kind = 'service-account';
}
