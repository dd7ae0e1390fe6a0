import { PROBLEMS, type ProblemCode } from '@wami/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** Documents refusals: per status the codes that go with it and an example. */
export function problemResponses(statuses: readonly number[]): (MethodDecorator & ClassDecorator)[] {
  return [...new Set(statuses)].map((status) => {
    const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => PROBLEMS[code][0] === status);
    const [first = 'Internal'] = codes;
    const example = { type: `https://wami.dev/problems/${first}`, title: PROBLEMS[first][1], status, code: first, requestId: 'req_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' };
    return ApiResponse({
      status, description: codes.join(', '), content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
    });
  });
}

export function ApiProblems(...statuses: readonly number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(...problemResponses(statuses));
}
