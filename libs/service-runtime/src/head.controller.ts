import { Controller, Get, Inject, type DynamicModule } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { encodePosition } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import { createDto, Needs } from '@wami/platform';
import { z } from 'zod';

const STORES = Symbol('stores of this process');

class HeadDto extends createDto(z.object({ position: z.string().describe('Opaque') })) {}

/** For other services: where this process's stores end now. A projection that is asked for `strong` consistency waits until it got there. */
@ApiTags('internal')
@Needs('read', 'installation')
@Controller('internal/head')
export class HeadController {
  constructor(@Inject(STORES) private readonly stores: readonly EventStore[]) {}

  @Get()
  @ApiOperation({ summary: 'Place of the newest event that this service has stored' })
  @ApiOkResponse({ type: HeadDto })
  async head(): Promise<{ position: string }> {
    const heads = await Promise.all(this.stores.map(async (store) => [store.source, await store.head()] as const));
    return { position: encodePosition(Object.fromEntries(heads)) };
  }
}

export class HeadModule {
  static of(stores: readonly EventStore[]): DynamicModule {
    return { module: HeadModule, controllers: [HeadController], providers: [{ provide: STORES, useValue: stores }] };
  }
}
