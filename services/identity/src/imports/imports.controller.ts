import { Body, Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { importResourcesSchema } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { ApiWrite } from '../http/api-write';
import { JobStartedDto } from '../tenants/tenant.dtos';
import { ImportRequests } from './import-requests';

class ImportResourcesDto extends createDto(importResourcesSchema) {}

@ApiTags('sync')
@Needs('sync')
@Controller('v1/sync')
export class ImportsController {
  constructor(private readonly imports: ImportRequests) {}

  @Post('import')
  @ApiWrite({
    summary: 'Find what nobody manages at a target, and manage it from now on',
    description: 'Without `adopt` it is only reported. With it each thing becomes a resource of the tenant that stands for exactly that thing: nothing of it changes but that it gets the marks. '
      + '`GET /v1/imports/{job}/items` tells what was found and what became of it. `adopt` takes what changing identities takes too. It does not wait: `Prefer: wait` means nothing here.',
    success: { 202: { description: 'Asked for; `GET /v1/jobs/{job}` tells the progress.', type: JobStartedDto } }, refusals: [404], ifMatch: false,
  })
  importResources(
    @Body() body: ImportResourcesDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly job: string }> {
    return this.imports.request(commandContext(request, query), reply, body);
  }
}
