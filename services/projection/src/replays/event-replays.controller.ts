import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { eventReplaySchema, replayEventsSchema, type EventReplay } from '@wami/contracts';
import { callerOf, createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { z } from 'zod';
import { EventsQueries, filterOf } from '../events/events.query';
import { POOL, REPLAYER, SCHEMA } from '../ports';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { cancelReplay, newestReplays, requestReplay, toReplay } from './replay-jobs';
import { numberOfEnd } from './replay-range';
import type { Replayer } from './replayer';

class ReplayEventsDto extends createDto(replayEventsSchema) {}
class EventReplayDto extends createDto(eventReplaySchema) {}
class CancelReplayDto extends createDto(z.strictObject({}).default({}).meta({ examples: [{}] })) {}
class EventReplayListDto extends createDto(z.object({ items: z.array(eventReplaySchema) }).meta({ id: 'EventReplayList' })) {}

const NEWEST = 100;

@ApiTags('events')
@UseInterceptors(ConsistencyInterceptor)
@Needs('configure', 'installation')
@Controller('v1/event-replays')
export class EventReplaysController {
  constructor(
    private readonly events: EventsQueries, @Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string, @Inject(REPLAYER) private readonly replayer: Replayer | undefined,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Replays into topics, the newest first', description: 'At most 100.' })
  @ApiOkResponse({ type: EventReplayListDto.Output })
  async list(): Promise<object> {
    return { items: (await newestReplays(this.pool, this.schema, NEWEST)).map(toReplay) };
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send events of the log again, to a Kafka topic of another name',
    description: 'As they lie at rest: what is personal stays sealed. No service of WAMI reads what is sent, so nothing is done in a cloud. Goes on by itself where it was, also after a crash; then up to a thousand events come twice, with the same `id`.',
  })
  @ApiAcceptedResponse({ type: EventReplayDto.Output })
  @ApiConflictResponse()
  async replay(@Body() asked: ReplayEventsDto, @Req() request: FastifyRequest): Promise<EventReplay> {
    if (!this.replayer) throw new ProblemError('NoKafka', { detail: 'set WAMI_KAFKA_BROKERS, or export the events to a file' });
    const filter = filterOf(asked.tenant ?? '', { type: asked.types, resource: asked.resource });
    const parts = { pool: this.pool, schema: this.schema, events: this.events };
    const [after, upto] = [await this.events.start(asked.after, filter), await numberOfEnd(parts, asked.until, filter)];
    const job = await requestReplay(this.pool, this.schema, { topic: asked.topic, filter, most: asked.limit ?? null, after, upto, actor: callerOf(request).actor });
    this.replayer.look();
    return toReplay(job);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'End one; what is in the topic stays there' })
  @ApiOkResponse({ type: EventReplayDto.Output })
  @ApiNotFoundResponse()
  async cancel(@Param('id') id: string, @Body() _nothing: CancelReplayDto): Promise<EventReplay> {
    const job = await cancelReplay(this.pool, this.schema, id);
    if (!job) throw new ProblemError('NotFound', { detail: 'there is no such replay' });
    return toReplay(job);
  }
}
