import { Controller, Delete, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ATTACHMENT_OWNER_KINDS, syncMapSchema, type AttachmentOwnerKind } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
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

/** The same two routes for each kind that has policies; the route says the kind. */
@ApiTags('policies')
abstract class AttachmentRoutes {
  protected abstract readonly kind: AttachmentOwnerKind;

  constructor(private readonly attachments: Attachments, private readonly answers: Answers) {}

  @Put(':policyId')
  @Needs('change')
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
    return this.answers.send(reply, context, await this.attachments.add(context, this.owner(id), policyId));
  }

  @Delete(':policyId')
  @Needs('change')
  @ApiWrite({
    summary: 'Detach a policy',
    success: { 200: { description: 'Not attached any more, where it waited.', type: SyncBodyDto }, 204: { description: 'Not attached any more.' } }, refusals: [404],
  })
  async remove(
    @Param('id') id: string, @Param('policyId') policyId: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<AttachmentView>> {
    const context = commandContext(request, query);
    return this.answers.send<AttachmentView>(reply, context, await this.attachments.remove(context, this.owner(id), policyId));
  }

  private owner(id: string): Owner {
    return { kind: this.kind, collection: `${this.kind}s`, id };
  }
}

@Controller('v1/users/:id/policies')
export class UserPoliciesController extends AttachmentRoutes {
  protected readonly kind = 'user';
}

@Controller('v1/groups/:id/policies')
export class GroupPoliciesController extends AttachmentRoutes {
  protected readonly kind = 'group';
}

@Controller('v1/roles/:id/policies')
export class RolePoliciesController extends AttachmentRoutes {
  protected readonly kind = 'role';
}

@Controller('v1/service-accounts/:id/policies')
export class ServiceAccountPoliciesController extends AttachmentRoutes {
  protected readonly kind = 'service-account';
}
