import { Body, Controller, Get, HttpCode, Inject, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PersonalData } from '@wami/event-store';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { Pool } from 'pg';
import { z } from 'zod';
import { projectionStatusSchema, projectionVerdictSchema, replayEndSchema, type ProjectionStatus, type ProjectionVerdict } from '@wami/contracts';
import { EventsQueries } from '../events/events.query';
import { pagingSchema } from '../http/paging';
import { READ_MODELS } from '../model/read-models';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import type { ReadModel } from '../model/read-model';
import { MODELS, PERSONAL, POOL, SCHEMA } from '../ports';
import { requestRebuild, type RebuildVerb } from '../rebuild/rebuild-jobs';
import { Rebuilder } from '../rebuild/rebuilder';
import { replayedRows } from '../replays/replayed-rows';
import { placeOf } from '../replays/replay-range';
import { verify } from '../rebuild/verify';
import { ProjectionStatusQueries } from './projection-status';

const names = READ_MODELS.map(({ name }) => name) as [string, ...string[]];
const tables = READ_MODELS.flatMap((model) => model.tables.map(({ name }) => name)).sort() as [string, ...string[]];
const someModels = (otherwise: string) =>
  z.strictObject({ models: z.array(z.enum(names)).min(1).optional().describe(`Default: ${otherwise}.`) }).default({}).meta({ examples: [{ models: ['sync-states'] }] });

const verifySchema = z.strictObject({
  models: z.array(z.enum(names)).min(1).optional().describe('Default: all.'),
  replayed: z.boolean().optional().describe('Compare the tables of the newest replay with a fold of the events that it was made of.'),
}).default({}).meta({ examples: [{ models: ['sync-states'] }] });
const replaySchema = z.strictObject({ models: z.array(z.enum(names)).min(1).optional().describe('Default: all.'), until: replayEndSchema.optional() }).default({}).meta({ examples: [{ models: ['sync-states'] }] });
const rowsQuerySchema = z.strictObject({ table: z.enum(tables).default(tables[0]).describe('Of a read model.'), ...pagingSchema });

class RebuildDto extends createDto(someModels('all')) {}
class VerifyDto extends createDto(verifySchema) {}
class ReplayModelsDto extends createDto(replaySchema) {}
class RollbackDto extends createDto(someModels('all of which the tables before are kept')) {}
class JobDto extends createDto(z.object({ job: z.string() }).meta({ id: 'JobReference' })) {}
class ProjectionStatusDto extends createDto(projectionStatusSchema) {}
class RowsQueryDto extends createDto(rowsQuerySchema) {}
class RowsDto extends createDto(z.object({ items: z.array(z.record(z.string(), z.unknown())), nextCursor: z.string().optional() }).meta({ id: 'ReplayedRows' })) {}
class VerdictDto extends createDto(projectionVerdictSchema) {}

@ApiTags('projection')
@UseInterceptors(ConsistencyInterceptor)
@Needs('configure', 'installation')
@Controller('v1/projection')
export class ProjectionController {
  constructor(
    private readonly queries: ProjectionStatusQueries, private readonly events: EventsQueries, private readonly rebuilder: Rebuilder,
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
  async verify(@Body() { models, replayed }: VerifyDto): Promise<ProjectionVerdict> {
    const verdicts = await verify(this.pool, this.schema, this.chosen(models), this.personal, replayed);
    return { equal: verdicts.every(({ equal }) => equal), tables: [...verdicts] };
  }

  @Post('replay')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Fold the events up to a position or a time into tables of their own, beside the running ones',
    description: 'Queries go on with theirs: `GET /v1/projection/replayed` reads the new ones, and `verify` compares them. Kept until the next replay.',
  })
  @ApiAcceptedResponse({ type: JobDto.Output })
  async replay(@Body() { models, until }: ReplayModelsDto): Promise<object> {
    const upto = await placeOf({ pool: this.pool, schema: this.schema, events: this.events }, until);
    return this.start(this.chosen(models), 'replay', upto);
  }

  @Get('replayed')
  @ApiOperation({ summary: 'The rows of a table of the newest replay, as they were then', description: 'In the order of their keys; none where no replay of it is kept. Who was erased meanwhile is blanked there, too.' })
  @ApiOkResponse({ type: RowsDto.Output })
  replayed(@Query() query: RowsQueryDto): Promise<object> {
    return replayedRows(this.pool, this.schema, this.models, query);
  }

  private chosen(models: readonly string[] | undefined): readonly ReadModel[] {
    return this.models.filter(({ name }) => models?.includes(name) ?? true);
  }

  private async start(models: readonly ReadModel[], verb: RebuildVerb, upto?: number): Promise<object> {
    const job = await requestRebuild(this.pool, this.schema, models, verb, upto);
    this.rebuilder.look();
    return { job };
  }
}
