import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { syncStateSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scopeOf } from '../http/caller-scope';
import { ApiReadModel } from '../http/api-read-model';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { SyncStatesQueries, syncStatesQuerySchema } from './sync-states.query';
import { summaryQuerySchema, SyncSummaryQueries, syncSummarySchema } from './sync-summary.query';

class SyncStatesQueryDto extends createDto(syncStatesQuerySchema) {}
class SyncStateListDto extends createDto(z.object({ items: z.array(syncStateSchema), nextCursor: z.string().optional() }).meta({ id: 'SyncStateList' })) {}
class SyncSummaryQueryDto extends createDto(summaryQuerySchema) {}
class SyncSummaryDto extends createDto(syncSummarySchema) {}

@ApiTags('sync')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1')
export class SyncStatesController {
  constructor(private readonly states: SyncStatesQueries, private readonly summaries: SyncSummaryQueries) {}

  @Get('sync-states')
  @ApiReadModel({ summary: 'Sync states, one for each resource and target', type: SyncStateListDto.Output })
  list(@Query() query: SyncStatesQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.states.list(scopeOf(request, query.tenant), query);
  }

  @Get('sync-summary')
  @ApiReadModel({ summary: 'How many agree, how many do not and why, and how long it takes', type: SyncSummaryDto.Output })
  summary(@Query() { tenant }: SyncSummaryQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.summaries.summary(scopeOf(request, tenant));
  }
}
