import { Body, Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { approvalDecisionSchema, approveSchema, type ApprovalDecision } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { Approvals } from './approvals';

class ApproveDto extends createDto(approveSchema) {}
class ApprovalDecisionDto extends createDto(approvalDecisionSchema) {}

const success = { 200: { description: 'Decided.', type: ApprovalDecisionDto } };

@ApiTags('sync')
@Needs('sync')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: Approvals) {}

  @Post(':id/approve')
  @ApiWrite({
    summary: 'Let removals go that the guard holds: just the list that was looked at', success, refusals: [404],
    description: 'What came to the list since is asked for anew. It may be carried out for 24 hours.',
  })
  approve(
    @Param('id') id: string, @Body() body: ApproveDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApprovalDecision> {
    return this.approvals.approve(commandContext(request, query), reply, id, body);
  }

  @Post(':id/reject')
  @ApiWrite({
    summary: 'Keep removals held', description: 'Nothing of the list is taken away by itself; it may be put back, or approved after all until it expires.', success, refusals: [404],
  })
  reject(@Param('id') id: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<ApprovalDecision> {
    return this.approvals.reject(commandContext(request, query), reply, id);
  }
}
