import { jobCountsSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';
import { z } from 'zod';
import { JobStartedDto } from '../tenants/tenant.dtos';

class JobCountsDto extends createDto(jobCountsSchema.extend({ job: z.string(), sync: syncMapSchema.optional() })) {}

/** What verbs answer that became a job. */
export const jobSuccess = {
  200: { description: 'What it came to, where it waited; `sync` where one resource is meant.', type: JobCountsDto },
  202: { description: 'Asked for; `GET /v1/jobs/{job}` tells the progress.', type: JobStartedDto },
};
