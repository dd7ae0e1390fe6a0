import { Body, Controller, Header, HttpCode, Inject, Post, type DynamicModule } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { SubjectKeys } from '@wami/event-store';
import { createDto, Needs } from '@wami/platform';
import { SUBJECT_KEYS_PATH, subjectKeysQuerySchema } from '@wami/service-runtime';

const SUBJECT_KEYS = Symbol('SubjectKeys');

class SubjectKeysDto extends createDto(subjectKeysQuerySchema) {}

/** For the other services: the keys of personal data. No user's token opens it, and it stands in no document. */
@ApiExcludeController()
@Needs('read', 'services')
@Controller(SUBJECT_KEYS_PATH.slice(1))
export class SubjectKeysController {
  constructor(@Inject(SUBJECT_KEYS) private readonly keys: SubjectKeys) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async find(@Body() { subjects }: SubjectKeysDto): Promise<{ keys: Record<string, string> }> {
    const found = await this.keys.find(subjects);
    return { keys: Object.fromEntries([...found].map(([subject, key]) => [subject, key === 'gone' ? key : key.toString('base64url')])) };
  }
}

export class SubjectKeysModule {
  static of(keys: SubjectKeys): DynamicModule {
    return { module: SubjectKeysModule, controllers: [SubjectKeysController], providers: [{ provide: SUBJECT_KEYS, useValue: keys }] };
  }
}
