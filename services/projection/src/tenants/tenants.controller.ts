import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { tenantViewSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { TenantsQueries, tenantsQuerySchema } from './tenants.query';

class TenantsQueryDto extends createDto(tenantsQuerySchema) {}
class TenantListDto extends createDto(z.object({ items: z.array(tenantViewSchema), nextCursor: z.string().optional() }).meta({ id: 'TenantList' })) {}

@ApiTags('tenants')
@UseInterceptors(ConsistencyInterceptor)
@Controller('v1/tenants')
export class TenantListController {
  constructor(private readonly tenants: TenantsQueries) {}

  @Get()
  @ApiOperation({ summary: 'Tenants, or the direct children of one' })
  @ApiOkResponse({ type: TenantListDto.Output })
  list(@Query() query: TenantsQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.tenants.list(scopeOf(request, query.parent || undefined), query);
  }
}
