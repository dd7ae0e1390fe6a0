import { Body, Controller, Get, HttpCode, Inject, Post, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PersonalData } from '@wami/event-store';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { Pool } from 'pg';
import { z } from 'zod';
import { projectionStatusSchema, projectionVerdictSchema, type ProjectionStatus, type ProjectionVerdict } from '@wami/contracts';
import { READ_MODELS } from '../model/read-models';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import type { ReadModel } from '../model/read-model';
import { MODELS, PERSONAL, POOL, SCHEMA } from '../ports';
import { requestRebuild, type RebuildVerb } from '../rebuild/rebuild-jobs';
import { Rebuilder } from '../rebuild/rebuilder';
import { verify } from '../rebuild/verify';
import { ProjectionStatusQueries } from './projection-status';

const names = READ_MODELS.map(({ name }) => name) as [string, ...string[]];
const someModels = (otherwise: string) =>
  z.strictObject({ models: z.array(z.enum(names)).min(1).optional().describe(`Default: ${otherwise}.`) }).default({}).meta({ examples: [{ models: ['sync-states'] }] });

class RebuildDto extends createDto(someModels('all')) {}
class VerifyDto extends createDto(someModels('all')) {}
class RollbackDto extends createDto(someModels('all of which the tables before are kept')) {}
class JobDto extends createDto(z.object({ job: z.string() }).meta({ id: 'JobReference' })) {}
class ProjectionStatusDto extends createDto(projectionStatusSchema) {}
class VerdictDto extends createDto(projectionVerdictSchema) {}

@ApiTags('projection')
@UseInterceptors(ConsistencyInterceptor)
@Needs('configure', 'installation')
@Controller('v1/projection')
export class ProjectionController {
  constructor(
    private readonly queries: ProjectionStatusQueries, private readonly rebuilder: Rebuilder,
    @Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string, @Inject(MODELS) private readonly models: readonly ReadModel[],
    @Inject(PERSONAL) private readonly personal: PersonalData,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How far the read models are, and what is being rebuilt' })
  @ApiOkResponse({ type: ProjectionStatusDto.Output })
  status(): Promise<ProjectionStatus> {
    return this.queries.status();
  }

  @Post('rebuild')
  @HttpCode(202)
  @ApiOperation({ summary: 'Build read models anew beside the running ones, then swap' })
  @ApiAcceptedResponse({ type: JobDto.Output })
  async rebuild(@Body() { models }: RebuildDto): Promise<object> {
    return this.start(this.chosen(models), 'rebuild');
  }

  @Post('rollback')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Go back to the tables before the last swap, caught up first; those in use now are kept in their place',
    description: 'Where another release made them they are swapped in as they are, for that release: this one does not keep them current.',
  })
  @ApiAcceptedResponse({ type: JobDto.Output })
  @ApiNotFoundResponse()
  async rollback(@Body() { models }: RollbackDto): Promise<object> {
    const kept = new Set((await this.queries.status()).models.flatMap(({ name, previousGeneration }) => (previousGeneration === undefined ? [] : [name])));
    const missing = models?.filter((name) => !kept.has(name)) ?? [];
    if (missing.length > 0) throw new ProblemError('NotFound', { detail: `nothing is kept of ${missing.join(', ')} to go back to` });
    return this.start(this.chosen(models).filter(({ name }) => kept.has(name)), 'rollback');
  }

  @Post('verify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Compare the read models with a fold of all events, and name the rows that differ' })
  @ApiOkResponse({ type: VerdictDto.Output })
  async verify(@Body() { models }: VerifyDto): Promise<ProjectionVerdict> {
    const tables = await verify(this.pool, this.schema, this.chosen(models), this.personal);
    return { equal: tables.every(({ equal }) => equal), tables: [...tables] };
  }

  private chosen(models: readonly string[] | undefined): readonly ReadModel[] {
    return this.models.filter(({ name }) => models?.includes(name) ?? true);
  }

  private async start(models: readonly ReadModel[], verb: RebuildVerb): Promise<object> {
    const job = await requestRebuild(this.pool, this.schema, models, verb);
    this.rebuilder.look();
    return { job };
  }
}
