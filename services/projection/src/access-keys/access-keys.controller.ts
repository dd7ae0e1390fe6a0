import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { accessKeyItemSchema, type KeyOwnerKind } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ownedQuerySchema } from '../issued/list-of-owner';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { AccessKeysQueries } from './access-keys.query';

class AccessKeysQueryDto extends createDto(ownedQuerySchema) {}
class AccessKeyListDto extends createDto(z.object({ items: z.array(accessKeyItemSchema), nextCursor: z.string().optional() }).meta({ id: 'AccessKeyList' })) {}

/** The same route for each kind that has access keys; the route says the kind. */
@ApiTags('access-keys')
abstract class AccessKeyLists {
  protected abstract readonly kind: KeyOwnerKind;

  constructor(private readonly keys: AccessKeysQueries) {}

  @Get()
  @Needs('read')
  @ApiReadModel({ summary: 'Access keys, with what each target made of them', description: 'Oldest first. A secret is sealed to the public key of who asked for it.', type: AccessKeyListDto.Output })
  list(@Param('id') id: string, @Query() query: AccessKeysQueryDto, @Req() request: FastifyRequest): Promise<object> {
    return this.keys.list(scopeOf(request), this.kind, id, query);
  }
}

@UseInterceptors(ConsistencyInterceptor)
@Controller('v1/users/:id/access-keys')
export class UserAccessKeyListController extends AccessKeyLists {
  protected readonly kind = 'user';
}

@UseInterceptors(ConsistencyInterceptor)
@Controller('v1/service-accounts/:id/access-keys')
export class ServiceAccountAccessKeyListController extends AccessKeyLists {
  protected readonly kind = 'service-account';
}
