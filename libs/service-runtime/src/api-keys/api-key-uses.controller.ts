import { Body, Controller, HttpCode, Inject, Post, type DynamicModule } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createDto, Needs } from '@wami/platform';
import { z } from 'zod';
import { ApiKeyDirectory } from './api-key-directory';
import { MOST_USES } from './api-key-uses';

class ApiKeyUsesDto extends createDto(z.strictObject({
  uses: z.array(z.strictObject({ id: z.string().regex(/^key_[0-9A-HJKMNP-TV-Z]{26}$/), usedAt: z.iso.datetime() })).max(MOST_USES),
})) {}

/** For other services: when keys were used there, so that identity can tell it. What is lost on the way is told at the next use. */
@ApiTags('internal')
@Needs('configure', 'installation')
@Controller('internal/api-key-uses')
export class ApiKeyUsesController {
  constructor(@Inject(ApiKeyDirectory) private readonly keys: ApiKeyDirectory) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({ summary: 'API keys were used at another service' })
  @ApiNoContentResponse({ description: 'Noted.' })
  note(@Body() { uses }: ApiKeyUsesDto): void {
    for (const { id, usedAt } of uses) this.keys.used(id, new Date(usedAt));
  }
}

export class ApiKeyUsesModule {
  static of(keys: ApiKeyDirectory): DynamicModule {
    return { module: ApiKeyUsesModule, controllers: [ApiKeyUsesController], providers: [{ provide: ApiKeyDirectory, useValue: keys }] };
  }
}
