import { Body, Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { askedOfParkedSchema, askRetrySchema, askSkipSchema, type AskedOfParked, type DeadLetterRequestEvent } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { DeadLetterRequests } from './dead-letter-requests';

class AskRetryDto extends createDto(askRetrySchema) {}
class AskSkipDto extends createDto(askSkipSchema) {}
class AskedDto extends createDto(askedOfParkedSchema) {}

const ASKED = { 202: { description: 'Asked for; `GET /v1/dead-letters` tells what came of it.', type: AskedDto } };

@ApiTags('dead letters')
@Needs('configure', 'installation')
@Controller('v1/dead-letter-requests')
export class DeadLettersController {
  constructor(private readonly requests: DeadLetterRequests) {}

  @Post('retry')
  @ApiWrite({
    summary: 'Have sync services try what they parked again, each line in its order', success: ASKED, refusals: [], ifMatch: false,
    description: 'All of them all that they parked, or one provider\'s the line of one event. It does not wait: `Prefer: wait` means nothing here.',
  })
  retry(@Body() body: AskRetryDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<AskedOfParked> {
    return this.ask({ verb: 'retry', ...body }, query, request, reply);
  }

  @Post('skip')
  @ApiWrite({
    summary: 'Have a sync service leave an event out for good and try what waits behind it', success: ASKED, refusals: [], ifMatch: false,
    description: 'What it said never reaches that provider\'s clouds unless a repair states the resource anew. It is kept with who skipped it and why. That cannot be taken back. It does not wait: `Prefer: wait` means nothing here.',
  })
  skip(@Body() body: AskSkipDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<AskedOfParked> {
    return this.ask({ verb: 'skip', ...body }, query, request, reply);
  }

  private ask(data: DeadLetterRequestEvent['data'], query: WriteQueryDto, request: FastifyRequest, reply: FastifyReply): Promise<AskedOfParked> {
    return this.requests.request(commandContext(request, query), reply, data);
  }
}
