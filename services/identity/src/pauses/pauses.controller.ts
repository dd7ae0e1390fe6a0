import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pauseSyncSchema, pauseViewSchema, resumedSchema, resumeSyncSchema, syncMapSchema, type PauseView, type Resumed } from '@wami/contracts';
import { createDto, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { Pauses } from './pauses';
import { Resumes } from './resumes';

class PauseSyncDto extends createDto(pauseSyncSchema) {}
class ResumeSyncDto extends createDto(resumeSyncSchema) {}
class PauseDto extends createDto(pauseViewSchema.extend({ sync: syncMapSchema.optional() })) {}
class ResumedDto extends createDto(resumedSchema.extend({ sync: syncMapSchema.optional() })) {}

@ApiTags('sync')
@Needs('sync')
@Controller('v1/sync')
export class PausesController {
  constructor(private readonly pauses: Pauses, private readonly resumes: Resumes, private readonly answers: Answers) {}

  @Post('pause')
  @ApiWrite({
    summary: 'Pause: nothing is called for what is selected, until then or until somebody resumes',
    description: 'Edits are taken in as always and wait, deletions and revocations too; what was being carried out is brought to its end. `GET /v1/pauses` lists pauses.',
    success: { 201: { description: 'Paused.', type: PauseDto } }, refusals: [404], ifMatch: false,
  })
  async pause(
    @Body() body: PauseSyncDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<PauseView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.pauses.pause(context, body));
  }

  @Post('resume')
  @HttpCode(200)
  @ApiWrite({
    summary: 'Resume: end every pause that selects no more than this',
    description: 'What they held goes on, each with one look at its newest version. Wider pauses stay and are told in `stillPausedBy`.',
    success: { 200: { description: 'What was ended, and what still holds something of it.', type: ResumedDto } }, refusals: [404], ifMatch: false,
  })
  async resume(
    @Body() body: ResumeSyncDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<Resumed>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.resumes.resume(context, body));
  }
}
