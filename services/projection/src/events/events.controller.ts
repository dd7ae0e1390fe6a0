import { Controller, Get, Headers, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import { createDto, isStillAuthenticated, Needs, onlyWaits, ProblemError } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scopeOf } from '../http/caller-scope';
import { ApiReadModel } from '../http/api-read-model';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { cloudEventSchema } from './cloud-event.schema';
import { EventStreams } from './event-stream';
import { EventsQueries, eventsQuerySchema, filterOf } from './events.query';

class EventsQueryDto extends createDto(eventsQuerySchema) {}
class EventListDto extends createDto(z.object({
  items: z.array(cloudEventSchema), nextCursor: z.string().optional(), position: z.string().describe('Pass it as `after` to go on from here.'),
}).meta({ id: 'EventList' })) {}

@ApiTags('events')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/events')
export class EventsController {
  constructor(private readonly queries: EventsQueries, private readonly streams: EventStreams) {}

  @Get()
  @ApiProduces('application/json', 'text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'A stream goes on after this position; goes before `after`.', schema: { type: 'string', maxLength: 4096 } })
  @ApiReadModel({
    summary: 'The log as CloudEvents',
    description: 'With `Accept: text/event-stream` it stays open: frame id = position, event = type, data = the CloudEvent; resumes with `Last-Event-ID`.',
    type: EventListDto.Output,
  })
  async list(
    @Query() query: EventsQueryDto, @Headers('accept') accept: string | undefined, @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    const filter = filterOf(scopeOf(request, query.tenant), query);
    if (!asksForStream(accept)) return this.queries.list(filter, query);
    const after = await this.queries.start(lastEventId || query.after, filter);
    if (this.streams.full) throw new ProblemError('Unavailable', { detail: 'too many streams are open', retryAfter: 5 });
    onlyWaits(request);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...reply.getHeaders() as Record<string, string>, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no',
    });
    await this.streams.serve(reply.raw, filter, after, () => isStillAuthenticated(request));
    return undefined;
  }
}

function asksForStream(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((type) => type.trim().toLowerCase().startsWith('text/event-stream'));
}
