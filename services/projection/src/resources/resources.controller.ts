import { IncomingMessage } from 'node:http';
import { Controller, Get, Param, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { syncMapSchema } from '@wami/contracts';
import { createDto, Needs, onlyWaits } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cloudEventSchema } from '../events/cloud-event.schema';
import { EventsQueries, historyQuerySchema } from '../events/events.query';
import { notFound, referenceOf, scopeOf } from '../http/caller-scope';
import { ApiReadModel } from '../http/api-read-model';
import { whenBuilt } from '../http/when-built';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { SyncStatesQueries } from '../sync-states/sync-states.query';
import { resourceItemSchema, ResourcesQueries, resourcesQuerySchema, type ResourceItem } from './resources.query';

const MAX_WAIT_SECONDS = 60;

class ResourcesQueryDto extends createDto(resourcesQuerySchema) {}
class ResourceItemDto extends createDto(resourceItemSchema) {}
class ResourceListDto extends createDto(z.object({ items: z.array(resourceItemSchema), nextCursor: z.string().optional() }).meta({ id: 'ResourceList' })) {}
class HistoryQueryDto extends createDto(historyQuerySchema) {}
class HistoryDto extends createDto(z.object({ items: z.array(cloudEventSchema), nextCursor: z.string().optional() }).meta({ id: 'History' })) {}
class SyncMapDto extends createDto(syncMapSchema) {}
class SyncQueryDto extends createDto(z.strictObject({
  settled: z.enum(['true', 'false']).default('false').describe('Answer when no target has work left, or after `wait` seconds.'),
  wait: z.coerce.number().int().min(0).max(MAX_WAIT_SECONDS).default(30),
})) {}

@ApiTags('resources')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/resources')
export class ResourcesController {
  constructor(private readonly resources: ResourcesQueries, private readonly states: SyncStatesQueries, private readonly events: EventsQueries) {}

  @Get()
  @ApiReadModel({ summary: 'Resources, each with its worst sync state', description: 'Ordered by tenant, then id; with `q` by name (of a tenant and those below it one after the other), with `path` by path. Of several filters the one that leaves the fewest decides about the order.', type: ResourceListDto.Output })
  list(@Query() query: ResourcesQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return whenBuilt(this.resources.list(scopeOf(request, query.tenant), query));
  }

  @Get(':resource')
  @ApiParam({ name: 'resource', description: 'Id, or percent-encoded ARN' })
  @ApiReadModel({ summary: 'One resource', type: ResourceItemDto.Output })
  async get(@Param('resource') text: string, @Req() request: FastifyRequest): Promise<object> {
    const { deleted, ...item } = await this.known(text, request);
    if (deleted) throw notFound();
    return item;
  }

  @Get(':resource/sync')
  @ApiParam({ name: 'resource', description: 'Id, or percent-encoded ARN' })
  @ApiReadModel({ summary: 'provider -> account -> state', description: 'Empty where no target is asked for, and after a completed delete.', type: SyncMapDto.Output })
  async sync(
    @Param('resource') text: string, @Query() { settled, wait }: SyncQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { id } = await this.known(text, request);
    if (settled === 'false' || wait === 0) return this.states.ofResource(id);
    onlyWaits(request);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    // The connection is silent meanwhile, longer than the server takes as a sign of life. A gRPC call comes over none.
    if (request.raw instanceof IncomingMessage) request.raw.setTimeout((MAX_WAIT_SECONDS + 15) * 1000);
    return this.states.whenSettled(id, Date.now() + wait * 1000, gone.signal);
  }

  @Get(':resource/history')
  @ApiParam({ name: 'resource', description: 'Id, or percent-encoded ARN' })
  @ApiReadModel({ summary: 'Every event about it, intent and outcome, oldest first', type: HistoryDto.Output })
  async history(@Param('resource') text: string, @Query() query: HistoryQueryDto, @Req() request: FastifyRequest): Promise<object> {
    const { id } = await this.known(text, request);
    return this.events.history(scopeOf(request), id, query);
  }

  /** Exists or existed, and the caller may see it. @throws ProblemError NotFound */
  private async known(text: string, request: FastifyRequest): Promise<ResourceItem & { readonly deleted: boolean }> {
    const found = await this.resources.find(scopeOf(request), referenceOf(text));
    if (!found) throw notFound();
    return found;
  }
}
