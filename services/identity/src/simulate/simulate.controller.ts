import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { simulateSchema, simulationSchema, type SimulationView } from '@wami/contracts';
import { callerOf, createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { toAnswer } from '../commands/refusals';
import { ApiProblems } from '../http/problem-responses';
import { Simulations } from './simulations';

class SimulateDto extends createDto(simulateSchema) {}
class SimulationDto extends createDto(simulationSchema) {}

@ApiTags('policies')
@Needs('read')
@Controller('v1/policies/simulate')
export class SimulateController {
  constructor(private readonly simulations: Simulations) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'May somebody do something, and which statement decides',
    description: "By AWS's documented evaluation order, on the policies as they are now and on those in the request. An explicit deny wins; a permissions boundary "
      + 'limits; across accounts both sides must allow. Service control policies and session policies are not looked at. Nothing is written.',
  })
  @ApiResponse({ status: 200, description: 'The decision, with the statement (or the layer without one) that made it.', type: SimulationDto })
  @ApiProblems(400, 401, 404, 415, 422, 503)
  async simulate(@Body() body: SimulateDto, @Req() request: FastifyRequest): Promise<SimulationView> {
    try {
      return await this.simulations.run(callerOf(request), body);
    } catch (error) {
      throw toAnswer(error);
    }
  }
}
