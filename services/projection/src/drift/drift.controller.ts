import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { driftItemSchema, sweepViewSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { DriftQueries, driftQuerySchema } from './drift.query';

class DriftQueryDto extends createDto(driftQuerySchema) {}
class DriftListDto extends createDto(z.object({
  items: z.array(driftItemSchema), nextCursor: z.string().optional(),
  sweeps: z.array(sweepViewSchema).optional().describe('With the first page: the last scheduled sweep of each target, at most 100.'),
}).meta({ id: 'DriftList' })) {}

@ApiTags('sync')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/drift')
export class DriftController {
  constructor(private readonly drift: DriftQueries) {}

  @Get()
  @ApiReadModel({ summary: 'What somebody else changed at targets, field by field', description: 'The newest first; of each resource at each target the last that was found.', type: DriftListDto.Output })
  list(@Query() query: DriftQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.drift.list(scopeOf(request, query.tenant), query);
  }
}
