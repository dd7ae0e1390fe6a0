import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { relationListSchema, tenantPathSchema, type RelationList, type RelationView } from '@wami/contracts';
import { callerOf, createDto, Needs, ProblemError, queriedTenant } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Directory, type RelationRow } from '../directory/directory';
import { ApiProblems } from '../http/problem-responses';

class RelationListDto extends createDto(relationListSchema) {}
class RelationsQueryDto extends createDto(z.strictObject({
  tenant: tenantPathSchema.optional().describe('Includes its children; by default your own.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
})) {}

/** Who is in which group, and which policy is attached to what. */
@ApiTags('relations')
@Needs('read')
@Controller('v1/relations')
export class RelationsController {
  constructor(private readonly directory: Directory) {}

  @Get()
  @ApiOperation({ summary: 'Memberships and attachments of what is in a tenant and below' })
  @ApiResponse({ status: 200, description: 'Everything that was written when the query arrived.', type: RelationListDto })
  @ApiProblems(400, 401, 404, 422, 503)
  async list(@Query() { tenant, limit, cursor }: RelationsQueryDto, @Req() request: FastifyRequest): Promise<RelationList> {
    const within = queriedTenant(callerOf(request), tenant);
    const after = cursor === undefined ? '' : placeIn(cursor, within);
    await this.directory.caughtUp();
    const rows = await this.directory.relationsWithin({ within, after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { items: shown.map(toView), ...(rows.length > limit && last ? { nextCursor: cursorAt(last.id, within) } : {}) };
  }
}

function toView({ id, kind, tenant, toId, ofId }: RelationRow): RelationView {
  return kind === 'membership' ? { id, kind, tenant, groupId: toId, userId: ofId } : { id, kind, tenant, policyId: toId, ownerId: ofId };
}

const cursorAt = (id: string, within: string): string => Buffer.from(JSON.stringify([id, within])).toString('base64url');

function placeIn(cursor: string, within: string): string {
  const id = /^\["([A-Za-z0-9_]{1,128})",/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (id !== undefined && cursorAt(id, within) === cursor) return id;
  throw new ProblemError('MalformedRequest', { detail: 'the cursor is not one of this list' });
}
