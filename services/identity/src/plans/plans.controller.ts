import { Body, Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { applyPlanSchema, planSyncSchema, startedPlanSchema, type StartedPlan } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { jobSuccess } from '../sync-verbs/job-success';
import type { JobAnswer } from '../sync-verbs/sync-jobs';
import { PlanVerbs } from './plan-verbs';

class PlanSyncDto extends createDto(planSyncSchema) {}
class ApplyPlanBodyDto extends createDto(applyPlanSchema) {}
class ApplyPlanDto extends createDto(applyPlanSchema.default({})) {}
class StartedPlanDto extends createDto(startedPlanSchema) {}

const success = {
  200: { description: 'What it came to so far, where it waited.', type: StartedPlanDto },
  202: { description: 'Asked for; `Location` tells what would be done, once every target has answered.', type: StartedPlanDto },
};

@ApiTags('sync')
@Needs('sync')
@Controller('v1')
export class PlansController {
  constructor(private readonly plans: PlanVerbs) {}

  @Post('sync/plan')
  @ApiWrite({
    summary: 'What would a sync do: compares everything that matches with the clouds and writes nothing', success, refusals: [404], ifMatch: false,
    description: 'Also what triggers hold and what connections may only look at. It may be applied until `expiresAt`.',
  })
  plan(
    @Body() body: PlanSyncDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartedPlan> {
    return this.plans.plan(commandContext(request, query), reply, body);
  }

  @Post('plans/:id/apply')
  @ApiBody({ type: ApplyPlanBodyDto, required: false })
  @ApiWrite({
    summary: 'Carry out a plan, as far as nothing moved since', success: jobSuccess, refusals: [404], ifMatch: false,
    description: 'Refused binding by binding where what is wanted or what stands at the cloud is not what it was. With `hash` just what was approved; applying twice does nothing twice.',
  })
  apply(
    @Param('id') id: string, @Body() body: ApplyPlanDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer> {
    return this.plans.apply(commandContext(request, query), reply, id, body);
  }
}
