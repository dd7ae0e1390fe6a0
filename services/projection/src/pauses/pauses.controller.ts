import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pauseViewSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { PausesQueries, pausesQuerySchema } from './pauses.query';

class PausesQueryDto extends createDto(pausesQuerySchema) {}
class PauseListDto extends createDto(z.object({ items: z.array(pauseViewSchema), nextCursor: z.string().optional() }).meta({ id: 'PauseList' })) {}

@ApiTags('sync')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/pauses')
export class PausesController {
  constructor(private readonly pauses: PausesQueries) {}

  @Get()
  @ApiReadModel({ summary: 'Pauses that hold something now: who paused what, why, and until when', description: 'Ordered by tenant, oldest first.', type: PauseListDto.Output })
  list(@Query() query: PausesQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.pauses.list(scopeOf(request, query.tenant), query);
  }
}
