import { Body, Controller, Get, HttpCode, Inject, Post, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createDto, Needs } from '@wami/platform';
import type { Pool } from 'pg';
import { z } from 'zod';
import { READ_MODELS } from '../model/read-models';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import type { ReadModel } from '../model/read-model';
import { MODELS, POOL, SCHEMA } from '../ports';
import { requestRebuild } from '../rebuild/rebuild-jobs';
import { Rebuilder } from '../rebuild/rebuilder';
import { verify } from '../rebuild/verify';
import { ProjectionStatusQueries, projectionStatusSchema } from './projection-status';

const names = READ_MODELS.map(({ name }) => name) as [string, ...string[]];
const rebuildSchema = z.strictObject({ models: z.array(z.enum(names)).min(1).optional().describe('Default: all.') }).default({}).meta({ examples: [{ models: ['sync-states'] }] });
const checksum = z.object({ rows: z.number().int(), sum: z.string() });
const verdictSchema = z.object({ model: z.string(), table: z.string(), expected: checksum, actual: checksum, equal: z.boolean() });

class RebuildDto extends createDto(rebuildSchema) {}
class VerifyDto extends createDto(z.strictObject({}).default({}).meta({ examples: [{}] })) {}
class JobDto extends createDto(z.object({ job: z.string() }).meta({ id: 'JobReference' })) {}
class ProjectionStatusDto extends createDto(projectionStatusSchema) {}
class VerdictDto extends createDto(z.object({ equal: z.boolean(), tables: z.array(verdictSchema) }).meta({ id: 'ProjectionVerdict' })) {}

@ApiTags('projection')
@UseInterceptors(ConsistencyInterceptor)
@Needs('configure', 'installation')
@Controller('v1/projection')
export class ProjectionController {
  constructor(
    private readonly queries: ProjectionStatusQueries, private readonly rebuilder: Rebuilder,
    @Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string, @Inject(MODELS) private readonly models: readonly ReadModel[],
  ) {}

  @Get()
  @ApiOperation({ summary: 'How far the read models are, and what is being rebuilt' })
  @ApiOkResponse({ type: ProjectionStatusDto.Output })
  status(): Promise<object> {
    return this.queries.status();
  }

  @Post('rebuild')
  @HttpCode(202)
  @ApiOperation({ summary: 'Build read models anew beside the running ones, then swap' })
  @ApiAcceptedResponse({ type: JobDto.Output })
  async rebuild(@Body() body: RebuildDto): Promise<object> {
    const { models } = body;
    const job = await requestRebuild(this.pool, this.schema, this.models.filter(({ name }) => models?.includes(name) ?? true));
    this.rebuilder.look();
    return { job };
  }

  @Post('verify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Compare the read models with a fold of all events' })
  @ApiOkResponse({ type: VerdictDto.Output })
  async verify(@Body() _nothing: VerifyDto): Promise<object> {
    const tables = await verify(this.pool, this.schema, this.models);
    return { equal: tables.every(({ equal }) => equal), tables };
  }
}
