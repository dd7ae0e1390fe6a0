import type { StatusObject } from '@grpc/grpc-js';
import { PROBLEMS, type ProblemCode } from '@wami/contracts';
import { newId } from '../ids';
import type { RichStatus } from './rich-status';

/** A refusal that no HTTP route spoke. */
export function problemStatus(rich: RichStatus, code: ProblemCode, detail?: string, retryAfter?: number): StatusObject {
  return rich.of({
    type: `https://wami.dev/problems/${code}`, title: PROBLEMS[code][1], status: PROBLEMS[code][0], code, requestId: newId('request'),
    ...(detail === undefined ? {} : { detail }), ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
