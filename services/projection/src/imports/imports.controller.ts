import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { importItemSchema } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { importItemsQuerySchema, ImportsQueries } from './imports.query';

class ImportItemsQueryDto extends createDto(importItemsQuerySchema) {}
class ImportItemListDto extends createDto(z.object({ items: z.array(importItemSchema), nextCursor: z.string().optional() }).meta({ id: 'ImportItemList' })) {}

@ApiTags('jobs')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsQueries) {}

  @Get(':id/items')
  @ApiReadModel({ summary: 'What an import found that nobody manages, and what became of it', type: ImportItemListDto.Output })
  async items(@Param('id') id: string, @Query() query: ImportItemsQueryDto, @Req() request: FastifyRequest): Promise<object> {
    const scope = scopeOf(request);
    if (!(await this.imports.job(scope, id))) throw new ProblemError('NotFound', { detail: 'there is no such import' });
    return this.imports.items(scope, id, query);
  }
}
