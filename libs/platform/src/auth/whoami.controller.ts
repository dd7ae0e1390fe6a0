import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { roleSchema } from '@wami/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createDto } from '../http/create-dto';
import { Needs } from './access';
import { callerOf, type Caller } from './caller';

class WhoAmIDto extends createDto(z.object({
  actor: z.string(), role: roleSchema, tenant: z.string().describe('Path; empty for every tenant'),
})) {}

@ApiTags('access')
@Needs('read')
@Controller('v1/whoami')
export class WhoAmIController {
  @Get()
  @ApiOperation({ summary: 'Who the token belongs to and how far it sees' })
  @ApiOkResponse({ type: WhoAmIDto })
  whoAmI(@Req() request: FastifyRequest): Caller {
    return callerOf(request);
  }
}
