import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { approvalItemSchema, approvalViewSchema } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { approvalItemsQuerySchema, ApprovalsQueries, approvalsQuerySchema } from './approvals.query';

class ApprovalsQueryDto extends createDto(approvalsQuerySchema) {}
class ApprovalItemsQueryDto extends createDto(approvalItemsQuerySchema) {}
class ApprovalDto extends createDto(approvalViewSchema) {}
class ApprovalListDto extends createDto(z.object({ items: z.array(approvalViewSchema), nextCursor: z.string().optional() }).meta({ id: 'ApprovalList' })) {}
class ApprovalItemListDto extends createDto(z.object({ items: z.array(approvalItemSchema), nextCursor: z.string().optional() }).meta({ id: 'ApprovalItemList' })) {}

@ApiTags('sync')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsQueries) {}

  @Get()
  @ApiReadModel({ summary: 'Removals that guards hold until somebody approves them, and what was decided', description: 'Ordered by tenant, oldest first.', type: ApprovalListDto.Output })
  list(@Query() query: ApprovalsQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.approvals.list(scopeOf(request, query.tenant), query);
  }

  @Get(':id')
  @ApiReadModel({ summary: 'One of them: how much would be taken away, what is allowed, and the hash of the list', type: ApprovalDto.Output })
  async find(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return found(await this.approvals.find(scopeOf(request), id));
  }

  @Get(':id/items')
  @ApiReadModel({ summary: 'The whole list: every resource that would be deleted or lose something', type: ApprovalItemListDto.Output })
  async items(@Param('id') id: string, @Query() query: ApprovalItemsQueryDto, @Req() request: FastifyRequest): Promise<object> {
    const scope = scopeOf(request);
    found(await this.approvals.find(scope, id));
    return this.approvals.items(scope, id, query);
  }
}

function found<T extends object>(approval: T | undefined): T {
  if (!approval) throw new ProblemError('NotFound', { detail: 'there is no such approval' });
  return approval;
}
