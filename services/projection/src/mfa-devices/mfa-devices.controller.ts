import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { mfaDeviceItemSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ownedQuerySchema } from '../issued/list-of-owner';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { MfaDevicesQueries } from './mfa-devices.query';

class MfaDevicesQueryDto extends createDto(ownedQuerySchema) {}
class MfaDeviceListDto extends createDto(z.object({ items: z.array(mfaDeviceItemSchema), nextCursor: z.string().optional() }).meta({ id: 'MfaDeviceList' })) {}

@ApiTags('mfa-devices')
@UseInterceptors(ConsistencyInterceptor)
@Controller('v1/users/:id/mfa-devices')
export class MfaDeviceListController {
  constructor(private readonly devices: MfaDevicesQueries) {}

  @Get()
  @Needs('read')
  @ApiReadModel({ summary: 'MFA devices of a user, with what each target made of them', description: 'Oldest first. A seed is sealed to the public key of who asked for it. What somebody enrolled at a target is not among them.', type: MfaDeviceListDto.Output })
  list(@Param('id') id: string, @Query() query: MfaDevicesQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.devices.list(scopeOf(request), id, query);
  }
}
