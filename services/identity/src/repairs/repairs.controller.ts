import { Body, Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { repairSyncSchema, startedRepairSchema, type StartedRepair } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { RepairRequests } from './repair-requests';

class RepairSyncDto extends createDto(repairSyncSchema) {}
class StartedRepairDto extends createDto(startedRepairSchema) {}

@ApiTags('sync')
@Needs('sync')
@Controller('v1/sync')
export class RepairsController {
  constructor(private readonly repairs: RepairRequests) {}

  @Post('repair')
  @ApiWrite({
    summary: 'Compare store, engines, read model and clouds, and put right what disagrees',
    description: 'Each resource of the tenant and its children is stated as the store has it; engines and read model compare their own with that, and every cloud is looked at afresh. '
      + '`Location` tells what disagrees and what became of it. With `dryRun` nothing is changed anywhere. It does not wait: `Prefer: wait` means nothing here.',
    success: { 202: { description: 'Asked for; `Location` tells how far it is.', type: StartedRepairDto } }, refusals: [404, 409], ifMatch: false,
  })
  repair(
    @Body() body: RepairSyncDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartedRepair> {
    return this.repairs.request(commandContext(request, query), reply, body);
  }
}
