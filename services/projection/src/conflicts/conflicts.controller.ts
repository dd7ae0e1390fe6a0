import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { conflictItemSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { ConflictsQueries, conflictsQuerySchema } from './conflicts.query';

class ConflictsQueryDto extends createDto(conflictsQuerySchema) {}
class ConflictListDto extends createDto(z.object({ items: z.array(conflictItemSchema), nextCursor: z.string().optional() }).meta({ id: 'ConflictList' })) {}

@ApiTags('sync')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/conflicts')
export class ConflictsController {
  constructor(private readonly conflicts: ConflictsQueries) {}

  @Get()
  @ApiReadModel({
    summary: 'What nobody decided about: ours beside what stands at the target', description: 'The newest first. `POST /v1/sync/resolve` settles one.', type: ConflictListDto.Output,
  })
  list(@Query() query: ConflictsQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.conflicts.list(scopeOf(request, query.tenant), query);
  }
}
