import { Controller, Delete, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { syncMapSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { SyncBodyDto } from '../http/sync-body.dto';
import { Memberships, type MembershipView } from './memberships';

class MembershipDto extends createDto(z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), groupId: z.string(), userId: z.string(), sync: syncMapSchema.optional(),
})) {}

@ApiTags('groups')
@Needs('change')
@Controller('v1/groups/:id/members')
export class MembershipsController {
  constructor(private readonly memberships: Memberships, private readonly answers: Answers) {}

  @Put(':userId')
  @ApiWrite({
    summary: 'Make a user a member of a group',
    success: {
      200: { description: 'A member already, where it waited.', type: SyncBodyDto }, 201: { description: 'A member now.', type: MembershipDto },
      204: { description: 'A member already.' },
    },
    refusals: [404],
  })
  async add(
    @Param('id') id: string, @Param('userId') userId: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<MembershipView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.memberships.add(context, id, userId));
  }

  @Delete(':userId')
  @ApiWrite({
    summary: 'Take a user out of a group',
    success: { 200: { description: 'No member any more, where it waited.', type: SyncBodyDto }, 204: { description: 'No member any more.' } }, refusals: [404],
  })
  async remove(
    @Param('id') id: string, @Param('userId') userId: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<MembershipView>> {
    const context = commandContext(request, query);
    return this.answers.send<MembershipView>(reply, context, await this.memberships.remove(context, id, userId));
  }
}
