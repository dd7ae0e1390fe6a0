import { Body, Controller, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { syncConfigPatchSchema } from '@wami/contracts';
import { callerOf, createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncConfigs, SyncConfigDto, WrittenSyncConfigDto, type SyncConfigView } from './sync-configs';

class SyncConfigPatchDto extends createDto(syncConfigPatchSchema.meta({
  examples: [{ providers: [{ provider: 'aws', account: '000000000001' }], conflictResolution: 'fail' }],
})) {}

@ApiTags('tenants')
@Needs('configure')
@Controller('v1/tenants')
export class SyncConfigController {
  constructor(private readonly configs: SyncConfigs, private readonly answers: Answers) {}

  @Get(':id/sync-config')
  @Needs('read')
  @ApiRead('How a tenant is synced, with inheritance resolved', SyncConfigDto)
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SyncConfigView | undefined> {
    return sendOne(request, reply, await this.configs.read(callerOf(request), id));
  }

  @Put(':id/sync-config')
  @ApiWrite({
    summary: "Replace a tenant's own settings; what is left out is inherited",
    success: { 200: { description: 'As it holds now.', type: WrittenSyncConfigDto } }, refusals: [404],
  })
  async replace(
    @Param('id') id: string, @Body() body: SyncConfigPatchDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<SyncConfigView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.configs.replace(context, id, body));
  }
}
