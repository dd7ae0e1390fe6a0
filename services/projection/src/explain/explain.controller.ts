import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { explanationSchema, type Explanation } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { ApiReadModel } from '../http/api-read-model';
import { notFound, referenceOf, scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { ResourcesQueries } from '../resources/resources.query';
import { ExplainQueries, explainQuerySchema } from './explain.query';

class ExplainQueryDto extends createDto(explainQuerySchema) {}
class ExplanationDto extends createDto(explanationSchema) {}

@ApiTags('resources')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/resources')
export class ExplainController {
  constructor(private readonly resources: ResourcesQueries, private readonly explanations: ExplainQueries) {}

  @Get(':resource/explain')
  @ApiParam({ name: 'resource', description: 'Id, or percent-encoded ARN' })
  @ApiReadModel({
    summary: 'Why it is as it is at each target: in scope, matched to what, what differs, what is done next', type: ExplanationDto.Output,
    description: 'From what is on record; no cloud is asked. `POST /v1/sync/plan` with the resource takes a fresh look and writes nothing.',
  })
  async explain(@Param('resource') text: string, @Query() query: ExplainQueryDto, @Req() request: FastifyRequest): Promise<Explanation> {
    const scope = scopeOf(request);
    const found = await this.resources.find(scope, referenceOf(text));
    if (!found) throw notFound();
    return this.explanations.explain(scope, found, query);
  }
}
