import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { deadLetterEventSchema, deadLetterSchema, deadLettersTriedSchema, skipDeadLetterSchema, type DeadLetter, type DeadLetterEvent, type DeadLettersTried } from '@wami/contracts';
import { KeysUnavailable } from '@wami/event-store';
import { callerOf, createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Projector } from '../ingest/projector';
import { DeadLettersQueries, deadLettersQuerySchema } from './dead-letters.query';

class DeadLettersQueryDto extends createDto(deadLettersQuerySchema) {}
class DeadLetterEventDto extends createDto(deadLetterEventSchema) {}
class DeadLetterListDto extends createDto(z.object({ items: z.array(deadLetterSchema), nextCursor: z.string().optional() }).meta({ id: 'DeadLetterList' })) {}
class NothingDto extends createDto(z.strictObject({}).default({}).meta({ examples: [{}] })) {}
class SkipDto extends createDto(skipDeadLetterSchema) {}
class TriedDto extends createDto(deadLettersTriedSchema) {}

@ApiTags('dead letters')
@Needs('configure', 'installation')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly letters: DeadLettersQueries, private readonly projector: Projector) {}

  @Get()
  @ApiOperation({ summary: 'Events that the read models or a sync service could not take in, and those that wait behind them', description: 'By consumer, in the order in which they were parked.' })
  @ApiOkResponse({ type: DeadLetterListDto.Output })
  list(@Query() query: DeadLettersQueryDto): Promise<object> {
    return this.letters.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them, with the event and how many wait behind it' })
  @ApiOkResponse({ type: DeadLetterEventDto.Output })
  get(@Param('id') id: string): Promise<DeadLetterEvent> {
    return this.find(id);
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have the read models try all of theirs again, each line in its order', description: 'For those of sync services there is `POST /v1/dead-letter-requests/retry`.' })
  @ApiOkResponse({ type: TriedDto.Output })
  retryAll(@Body() _nothing: NothingDto): Promise<DeadLettersTried> {
    return this.tryAgain();
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try the line of one again: it, what stands before it and what waits behind it' })
  @ApiOkResponse({ type: TriedDto.Output })
  async retry(@Param('id') id: string, @Body() _nothing: NothingDto): Promise<DeadLettersTried> {
    return this.tryAgain(await this.open(id));
  }

  @Post(':id/skip')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Leave one out for good and try what waits behind it',
    description: 'It is kept with who skipped it and why; the read models never hold what it said. That cannot be taken back.',
  })
  @ApiOkResponse({ type: TriedDto.Output })
  async skip(@Param('id') id: string, @Body() { reason }: SkipDto, @Req() request: FastifyRequest): Promise<DeadLettersTried> {
    const letter = await this.open(id);
    await this.projector.skipParked(id, { by: callerOf(request).actor, reason });
    return this.tryAgain(letter);
  }

  /** All, or the line of one. */
  private async tryAgain(letter?: DeadLetter): Promise<DeadLettersTried> {
    try {
      return await this.projector.retryParked(letter && { source: letter.source, key: letter.resource });
    } catch (error) {
      if (error instanceof KeysUnavailable) throw new ProblemError('Unavailable', { detail: error.message, retryAfter: 1 });
      throw error;
    }
  }

  private async find(id: string): Promise<DeadLetterEvent> {
    const found = await this.letters.find(id);
    if (!found) throw new ProblemError('NotFound', { detail: 'there is no such dead letter' });
    return found;
  }

  /** @throws ProblemError NotFound, also where it was skipped */
  private async open(id: string): Promise<DeadLetterEvent> {
    const found = await this.find(id);
    if (found.consumer !== 'projection') throw new ProblemError('NotFound', { detail: `${found.consumer} has parked it: ask for it with POST /v1/dead-letter-requests` });
    if (found.skipped) throw new ProblemError('NotFound', { detail: 'it was skipped: nothing of it is tried again' });
    return found;
  }
}
