import type { StatusObject } from '@grpc/grpc-js';
import { PROBLEMS, type ProblemCode } from '@wami/contracts';
import { newId } from '../ids';
import type { ProblemOptions } from '../http/problem-error';
import type { RichStatus } from './rich-status';

/** A refusal that no HTTP route spoke. */
export function problemStatus(rich: RichStatus, code: ProblemCode, { detail, params, errors, hint, retryAfter }: ProblemOptions = {}): StatusObject {
  return rich.of({
    type: `https://wami.dev/problems/${code}`, title: PROBLEMS[code][1], status: PROBLEMS[code][0], code, requestId: newId('request'),
    ...(detail === undefined ? {} : { detail }), ...(params === undefined ? {} : { params }), ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(hint === undefined ? {} : { hint }), ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
