import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { encodePosition } from '@wami/contracts';
import { ProblemError } from '@wami/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Applied } from './applied';
import { parseConsistency, type Consistency } from './consistency';
import type { HeadSource } from './head-source';
import { Lag } from './lag';
import { HEAD_SOURCE } from '../ports';

/** What cannot be met in this time is refused. */
export const LIMIT_MS = 10_000;
const RETRY_SECONDS = 1;

/** Waits until the read models are as new as the caller asks, and says on every answer how far they are. */
@Injectable()
export class ConsistencyInterceptor implements NestInterceptor {
  constructor(private readonly applied: Applied, @Inject(HEAD_SOURCE) private readonly heads: HeadSource, private readonly lag: Lag) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const { headers } = http.getRequest<FastifyRequest>();
    const asked = parseConsistency(headers['wami-after'], headers['wami-consistency'], this.applied.sources);
    const met = await this.meets(asked, Date.now() + LIMIT_MS);
    void http.getResponse<FastifyReply>().header('wami-position', encodePosition(await this.applied.current()));
    if (!met) {
      throw new ProblemError('ConsistencyTimeout', {
        detail: 'the read models did not get as far as was asked in 10 s', retryAfter: RETRY_SECONDS, hint: 'ask again, or without Wami-After and Wami-Consistency',
      });
    }
    return next.handle();
  }

  private async meets({ after, strong, maxLag }: Consistency, deadline: number): Promise<boolean> {
    if (after && !(await this.applied.reached(after, deadline))) return false;
    if (strong) return this.applied.reached(await this.committed(), deadline);
    return maxLag === undefined || this.applied.until(async () => (await this.currentLag()) <= maxLag, deadline);
  }

  private async committed(): ReturnType<HeadSource['heads']> {
    try {
      return await this.heads.heads();
    } catch {
      throw writersSilent();
    }
  }

  private async currentLag(): Promise<number> {
    try {
      return await this.lag.look();
    } catch {
      throw writersSilent();
    }
  }
}

function writersSilent(): ProblemError {
  return new ProblemError('ConsistencyTimeout', { detail: 'a writer did not say how far it is', retryAfter: RETRY_SECONDS });
}
