import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { planSummarySchema, planViewSchema, type PlanView } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scopeOf } from '../http/caller-scope';
import { ApiReadModel } from '../http/api-read-model';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { planQuerySchema, PlansQueries, plansQuerySchema } from './plans.query';

class PlanQueryDto extends createDto(planQuerySchema) {}
class PlanViewDto extends createDto(planViewSchema) {}
class PlansQueryDto extends createDto(plansQuerySchema) {}
class PlanListDto extends createDto(z.object({ items: z.array(planSummarySchema), nextCursor: z.string().optional() }).meta({ id: 'PlanList' })) {}

@ApiTags('plans')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/plans')
export class PlansController {
  constructor(private readonly plans: PlansQueries) {}

  @Get()
  @ApiReadModel({ summary: 'Plans: how far each is, what it would do in numbers, and whether it was applied', description: 'Ordered by tenant, oldest first.', type: PlanListDto.Output })
  list(@Query() query: PlansQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.plans.list(scopeOf(request, query.tenant), query);
  }

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
