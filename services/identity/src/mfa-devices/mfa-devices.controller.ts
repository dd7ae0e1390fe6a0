import { Body, Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { MfaDeviceView } from '@wami/contracts';
import { callerOf, Needs } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../commands/command-context';
import { WriteQueryDto } from '../commands/write-query';
import { Answers, type Answered } from '../http/answers';
import { ApiWrite } from '../http/api-write';
import { ApiRead, sendOne } from '../http/read';
import { SyncBodyDto } from '../http/sync-body.dto';
import { CreateMfaDeviceDto, MfaDeviceDto, WrittenMfaDeviceDto } from './mfa-device.dtos';
import { MfaDevices } from './mfa-devices';

@ApiTags('mfa-devices')
@Controller('v1/users/:id/mfa-devices')
export class MfaDevicesController {
  constructor(private readonly devices: MfaDevices, private readonly answers: Answers) {}

  @Post()
  @Needs('credentials')
  @ApiWrite({
    summary: 'Give a user a virtual MFA device', description: 'Each target makes one of its own and enables it. Its seed is sealed to `sealTo` where it arises and shown by the list of devices; nobody but who has the private key can read it. 409 where the user has one of this name.',
    success: { 201: { description: 'Created.', type: WrittenMfaDeviceDto } }, refusals: [404], ifMatch: false,
  })
  async create(
    @Param('id') id: string, @Body() body: CreateMfaDeviceDto, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<MfaDeviceView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.devices.create(context, id, body));
  }

  @Get(':device')
  @Needs('read')
  @ApiRead('Read an MFA device', MfaDeviceDto)
  async read(
    @Param('id') id: string, @Param('device') device: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MfaDeviceView | undefined> {
    return sendOne(request, reply, await this.devices.read(callerOf(request), id, device));
  }

  @Delete(':device')
  @Needs('credentials')
  @ApiWrite({
    summary: 'Deactivate and delete an MFA device, here and at every target', success: { 200: { description: 'Deleted, where it waited.', type: SyncBodyDto }, 204: { description: 'Deleted.' } }, refusals: [404],
  })
  async delete(
    @Param('id') id: string, @Param('device') device: string, @Query() query: WriteQueryDto, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answered<MfaDeviceView>> {
    const context = commandContext(request, query);
    return this.answers.send(reply, context, await this.devices.delete(context, id, device));
  }
}
