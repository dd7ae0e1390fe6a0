import { Controller, Get, Param, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { loginProfileItemSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { LoginProfilesQueries } from './login-profiles.query';

class LoginProfileItemDto extends createDto(loginProfileItemSchema) {}

@ApiTags('login-profiles')
@UseInterceptors(ConsistencyInterceptor)
@Controller('v1/users/:id/login-profile')
export class LoginProfileController {
  constructor(private readonly profiles: LoginProfilesQueries) {}

  @Get()
  @Needs('read')
  @ApiReadModel({ summary: 'The login profile of a user, with the passwords that targets were given', description: 'A password is sealed to the public key of who asked for it. 404 where the user has none.', type: LoginProfileItemDto.Output })
  of(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.profiles.of(scopeOf(request), id);
  }
}
