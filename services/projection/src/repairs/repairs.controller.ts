import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { repairItemSchema, repairViewSchema, type RepairView } from '@wami/contracts';
import { createDto, Needs, ProblemError } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiReadModel } from '../http/api-read-model';
import { scopeOf } from '../http/caller-scope';
import { ConsistencyInterceptor } from '../position/consistency.interceptor';
import { repairItemsQuerySchema, RepairsQueries } from './repairs.query';

class RepairViewDto extends createDto(repairViewSchema) {}
class RepairItemsQueryDto extends createDto(repairItemsQuerySchema) {}
class RepairItemListDto extends createDto(z.object({ items: z.array(repairItemSchema), nextCursor: z.string().optional() }).meta({ id: 'RepairItemList' })) {}

@ApiTags('repairs')
@UseInterceptors(ConsistencyInterceptor)
@Needs('read')
@Controller('v1/repairs')
export class RepairsController {
  constructor(private readonly repairs: RepairsQueries) {}

  @Get(':id')
  @ApiReadModel({
    summary: 'How far a repair is, and how much disagreed', type: RepairViewDto.Output,
    description: '`complete` when everybody has answered; `expired` when somebody in `waitingFor` has not in a day.',
  })
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<RepairView> {
    return this.find(request, id);
  }

  @Get(':id/items')
  @ApiReadModel({ summary: 'Each disagreement that a repair found, by place and resource', type: RepairItemListDto.Output })
  async items(@Param('id') id: string, @Query() query: RepairItemsQueryDto, @Req() request: FastifyRequest): Promise<object> {
    const repair = await this.find(request, id);
    return this.repairs.items(scopeOf(request), repair, query);
  }

  private async find(request: FastifyRequest, id: string): Promise<RepairView> {
    const repair = await this.repairs.find(scopeOf(request), id);
    if (!repair) throw new ProblemError('NotFound', { detail: 'there is no such repair' });
    return repair;
  }
}
