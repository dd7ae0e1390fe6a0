import { Body, Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { checkTargetsSchema, resolveConflictSchema, retrySyncSchema, syncNowSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { JobStartedDto } from '../tenants/tenant.dtos';
import { jobSuccess } from './job-success';
import { SyncJobs, type JobAnswer } from './sync-jobs';
import { TargetChecks } from './target-checks';

class SyncNowDto extends createDto(syncNowSchema) {}
class RetrySyncDto extends createDto(retrySyncSchema) {}
class CheckTargetsDto extends createDto(checkTargetsSchema) {}
class ResolveConflictDto extends createDto(resolveConflictSchema) {}

@ApiTags('sync')
@Needs('sync')
@Controller('v1/sync')
export class SyncVerbsController {
  constructor(private readonly jobs: SyncJobs, private readonly checks: TargetChecks) {}

  @Post()
  @ApiWrite({ summary: 'Sync now: look at everything that matches and close the difference', success: jobSuccess, refusals: [404], ifMatch: false })
  syncNow(
    @Body() body: SyncNowDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer> {
    return this.jobs.syncNow(commandContext(request, query), reply, body);
  }

  @Post('retry')
  @ApiWrite({ summary: 'Try again what failed', success: jobSuccess, refusals: [404], ifMatch: false })
  retry(
    @Body() body: RetrySyncDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer> {
    return this.jobs.retry(commandContext(request, query), reply, body);
  }

  @Post('resolve')
  @ApiWrite({ summary: 'Settle a conflict, once: skip, overwrite, merge or fail', success: jobSuccess, refusals: [404], ifMatch: false })
  resolve(
    @Body() body: ResolveConflictDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer> {
    return this.jobs.resolve(commandContext(request, query), reply, body);
  }

  @Post('check')
  @ApiWrite({
    summary: 'Ask targets now who we are there, in quarantine too',
    success: { 202: { description: 'Asked for; `GET /v1/jobs/{job}` tells the progress.', type: JobStartedDto } }, refusals: [404], ifMatch: false,
    description: 'The call that is made on schedule. `checks` of `GET /v1/jobs/{job}` tells what came of it, `GET /v1/providers` how the targets are then; accepted credentials end a quarantine that was for their sake. It does not wait: `Prefer: wait` means nothing here.',
  })
  check(@Body() body: CheckTargetsDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<{ readonly job: string }> {
    return this.checks.request(commandContext(request, query), reply, body);
  }
}
