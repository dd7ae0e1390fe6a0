import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { accessRowSchema, credentialRowSchema, driftRowSchema, slaRowSchema, syncHealthRowSchema } from '@wami/contracts';
import { callerOf, createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { whenBuilt } from '../http/when-built';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { AccessQueries, accessQuerySchema } from './access.query';
import { ReportQueries, reportQuerySchema } from './report-queries';

class ReportQueryDto extends createDto(reportQuerySchema) {}
class AccessQueryDto extends createDto(accessQuerySchema) {}
class SyncHealthDto extends createDto(z.object({ items: z.array(syncHealthRowSchema), nextCursor: z.string().optional() }).meta({ id: 'SyncHealthReport' })) {}
class DriftReportDto extends createDto(z.object({ items: z.array(driftRowSchema), nextCursor: z.string().optional() }).meta({ id: 'DriftReport' })) {}
class SlaDto extends createDto(z.object({ items: z.array(slaRowSchema), nextCursor: z.string().optional() }).meta({ id: 'SlaReport' })) {}
class CredentialsDto extends createDto(z.object({ items: z.array(credentialRowSchema), nextCursor: z.string().optional() }).meta({ id: 'CredentialReport' })) {}
class AccessDto extends createDto(z.object({ items: z.array(accessRowSchema), nextCursor: z.string().optional() }).meta({ id: 'AccessReport' })) {}

@ApiTags('reports')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/reports')
export class ReportsController {
  constructor(private readonly reports: ReportQueries, private readonly access: AccessQueries) {}

  @Get('sync-health')
  @ApiReadModel({ summary: 'How much agrees, by tenant, target and kind', type: SyncHealthDto.Output })
  syncHealth(@Query() query: ReportQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.reports.syncHealth(scopeOf(request, query.tenant), query);
  }

  @Get('drift')
  @ApiReadModel({ summary: 'How much somebody else changed, by tenant and target, and when it was last compared', type: DriftReportDto.Output })
  drift(@Query() query: ReportQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return whenBuilt(this.reports.drift(scopeOf(request, query.tenant), query));
  }

  @Get('sla')
  @ApiReadModel({ summary: 'The service level of each target over 28 days, and what is left of its error budget', type: SlaDto.Output })
  sla(@Query() query: ReportQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return whenBuilt(this.reports.sla(scopeOf(request, query.tenant), query));
  }

  @Get('credentials')
  @ApiReadModel({ summary: 'The credentials of each connection that may be used: whom they name, whether they are taken, when they end', type: CredentialsDto.Output })
  credentials(@Query() query: ReportQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.reports.credentials(scopeOf(request, query.tenant), query);
  }

  @Get('access')
  @ApiReadModel({
    summary: 'Who may do what where, and through which path', type: AccessDto.Output,
    description: 'One row for each way from a user, role or service account to a policy, its own or a group\'s. Ordered by tenant and principal. Whether a request is allowed after all, with conditions and boundaries, `POST /v1/policies/simulate` tells.',
  })
  accessList(@Query() query: AccessQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return whenBuilt(this.access.list(scopeOf(request, query.tenant), callerOf(request).tenant, query));
  }
}
