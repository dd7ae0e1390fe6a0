import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { batchResultSchema, batchSchema, type BatchResult } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { Batches } from './batches';
import { latestPosition } from './latest-position';

class BatchDto extends createDto(batchSchema) {}
class BatchResultDto extends createDto(batchResultSchema) {}

@ApiTags('batch')
// Each operation asks for what its own route needs.
@Needs('read')
@Controller('v1/batch')
export class BatchController {
  constructor(private readonly batches: Batches) {}

  @Post()
  @HttpCode(200)
  @ApiWrite({
    summary: 'Up to 1000 writes in one request; one that fails leaves the others',
    description: 'In the given order; consecutive creates in one collection and consecutive additions of members or attachments of policies may run side by side.',
    success: { 200: { description: 'An answer for each operation, in order.', type: BatchResultDto } }, refusals: [413], ifMatch: false,
  })
  async run(
    @Body() body: BatchDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResult> {
    const context = commandContext(request, query);
    if (context.batchOperation !== undefined) throw new ProblemError('ValidationFailed', { detail: 'a batch cannot hold a batch' });
    if (context.wait !== undefined) void reply.header('preference-applied', `wait=${context.wait}`);
    const result = await this.batches.run(request, context, body.operations);
    const position = latestPosition(result);
    if (position !== undefined) void reply.header('wami-position', position);
    return result;
  }
}
