import type { FastifyReply, FastifyRequest } from 'fastify';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { etagOf, isNotModified } from '../commands/preconditions';
import { problemResponses } from './problem-responses';

/** Answers one thing with its ETag, or 304 where the caller has it. */
export function sendOne<View extends object>(request: FastifyRequest, reply: FastifyReply, { version, view }: { readonly version: number; readonly view: View }): View | undefined {
  void reply.header('etag', etagOf(version));
  if (!isNotModified(request.headers['if-none-match'], version)) return view;
  void reply.status(304);
  return undefined;
}

/** Documents the reading of one thing. */
export function ApiRead(summary: string, type: new () => object): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiHeader({ name: 'If-None-Match', required: false, description: 'An ETag; 304 where it is still the version.', schema: { type: 'string' } }),
    ApiResponse({ status: 200, description: 'As of its last event.', type, headers: { ETag: { description: 'The version in quotes.', required: true, schema: { type: 'string', example: '"3"' } } } }),
    ApiResponse({ status: 304, description: 'Not changed.' }),
    ...problemResponses([404]),
  );
}
