import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { providerTargetSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { ProvidersQueries, providersQuerySchema } from './providers.query';

class ProvidersQueryDto extends createDto(providersQuerySchema) {}
class ProviderListDto extends createDto(z.object({ items: z.array(providerTargetSchema), nextCursor: z.string().optional() }).meta({ id: 'ProviderTargetList' })) {}

@ApiTags('sync')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/providers')
export class ProvidersController {
  constructor(private readonly providers: ProvidersQueries) {}

  @Get()
  @ApiReadModel({
    summary: 'Every target that may be used: health, credentials, what it can hold of each kind, and what is skipped there and why', description: 'Ordered by provider and account.',
    type: ProviderListDto.Output,
  })
  list(@Query() query: ProvidersQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.providers.list(scopeOf(request, query.tenant), query);
  }
}
