import { Controller, Get, Param, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { jobViewSchema } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { ProjectionStatusQueries } from '../admin/projection-status';
import { scopeOf } from '../http/caller-scope';
import { ApiReadModel } from '../http/api-read-model';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { ImportsQueries } from '../imports/imports.query';
import { JobsQueries } from './jobs.query';

class JobViewDto extends createDto(jobViewSchema) {}

@ApiTags('jobs')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsQueries, private readonly imports: ImportsQueries, private readonly rebuilds: ProjectionStatusQueries) {}

  @Get(':id')
  @ApiReadModel({ summary: 'How far a job is', type: JobViewDto.Output })
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    const scope = scopeOf(request);
    const job = (await this.jobs.find(scope, id)) ?? (await this.imports.job(scope, id)) ?? (scope === '' ? await this.rebuilds.job(id) : undefined);
    if (!job) throw new ProblemError('NotFound', { detail: 'there is no such job' });
    return job;
  }
}
