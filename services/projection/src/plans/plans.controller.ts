import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { planViewSchema, type PlanView } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { scopeOf } from '../http/caller-scope';
import { ApiReadModel } from '../http/api-read-model';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { planQuerySchema, PlansQueries } from './plans.query';

class PlanQueryDto extends createDto(planQuerySchema) {}
class PlanViewDto extends createDto(planViewSchema) {}

@ApiTags('plans')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/plans')
export class PlansController {
  constructor(private readonly plans: PlansQueries) {}

  @Get(':id')
  @ApiReadModel({
    summary: 'What a sync would do, binding by binding, deletions first', type: PlanViewDto.Output,
    description: '`operations` is one page of them; what agrees already is only counted. `hash` is there once every target has answered.',
  })
  async get(@Param('id') id: string, @Query() query: PlanQueryDto, @Req() request: FastifyRequest): Promise<PlanView> {
    const plan = await this.plans.find(scopeOf(request), id, query);
    if (!plan) throw new ProblemError('NotFound', { detail: 'there is no such plan' });
    return plan;
  }
}
