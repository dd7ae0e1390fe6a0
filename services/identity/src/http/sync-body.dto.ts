import { syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';
import { z } from 'zod';

/** Body of a write that has none by itself, where it waited. */
export class SyncBodyDto extends createDto(z.object({ sync: syncMapSchema })) {}
