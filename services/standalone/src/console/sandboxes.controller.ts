import { Body, Controller, Delete, Get, Param, Patch } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { createDto, Needs } from '@wami/platform';
import { z } from 'zod';
import { SandboxControl, type SandboxTold } from './sandbox-control';

const rate = z.number().min(0).max(1);
const latency = z.number().min(0).max(60_000);
class FaultsDto extends createDto(z.strictObject({
  throttle: rate, errors: rate, lostAnswers: rate, latencyMs: z.tuple([latency, latency]), eventualConsistencyMs: z.number().min(0).max(600_000), credentials: z.enum(['accepted', 'rejected']),
}).partial()) {}

/** Not of the API: it is between the console and the process that runs the sandbox clouds, for who runs the installation. */
@ApiExcludeController()
@Needs('configure', 'installation')
@Controller('console/sandboxes/:provider/:account/faults')
export class SandboxesController {
  constructor(private readonly control: SandboxControl) {}

  @Get()
  read(@Param('provider') provider: string, @Param('account') account: string): Promise<SandboxTold> {
    return this.control.read(`${provider}/${account}`);
  }

  @Patch()
  change(@Param('provider') provider: string, @Param('account') account: string, @Body() faults: FaultsDto): Promise<SandboxTold> {
    return this.control.change(`${provider}/${account}`, faults);
  }

  @Delete()
  mend(@Param('provider') provider: string, @Param('account') account: string): Promise<SandboxTold> {
    return this.control.mend(`${provider}/${account}`);
  }
}
