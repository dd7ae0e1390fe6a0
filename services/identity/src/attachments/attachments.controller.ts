import { Controller, Delete, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ATTACHMENT_OWNER_KINDS, syncMapSchema, type AttachmentOwnerKind } from '@wami/contracts';
import { createDto } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { SyncBodyDto } from '../http/sync-body.dto';
import { Attachments, type AttachmentView, type Owner } from './attachments';

class AttachmentDto extends createDto(z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), policyId: z.string(), ownerId: z.string(), ownerKind: z.enum(ATTACHMENT_OWNER_KINDS),
  sync: syncMapSchema.optional(),
})) {}

const COLLECTIONS: Readonly<Record<string, AttachmentOwnerKind>> = { users: 'user', groups: 'group', roles: 'role', 'service-accounts': 'service-account' };

@ApiTags('policies')
@Controller(Object.keys(COLLECTIONS).map((collection) => `v1/${collection}/:id/policies`))
export class AttachmentsController {
  constructor(private readonly attachments: Attachments, private readonly answers: Answers) {}

  @Put(':policyId')
  @ApiWrite({
    summary: 'Attach a policy',
    success: {
      200: { description: 'Attached already, where it waited.', type: SyncBodyDto }, 201: { description: 'Attached now.', type: AttachmentDto },
      204: { description: 'Attached already.' },
    },
    refusals: [404],
  })
  async add(
    @Param('id') id: string, @Param('policyId') policyId: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<AttachmentView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.attachments.add(context, ownerOf(request, id), policyId));
  }

  @Delete(':policyId')
  @ApiWrite({
    summary: 'Detach a policy',
    success: { 200: { description: 'Not attached any more, where it waited.', type: SyncBodyDto }, 204: { description: 'Not attached any more.' } }, refusals: [404],
  })
  async remove(
    @Param('id') id: string, @Param('policyId') policyId: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<AttachmentView>> {
    const context = commandContext(request, query);
    return this.answers.send<AttachmentView>(reply, context, await this.attachments.remove(context, ownerOf(request, id), policyId));
  }
}

/** The route says the kind. */
function ownerOf({ routeOptions: { url = '' } }: FastifyRequest, id: string): Owner {
  const collection = url.split('/')[2] ?? '';
  const kind = COLLECTIONS[collection];
  if (!kind) throw new Error(`${url} is no route of attachments`);
  return { kind, collection, id };
}
