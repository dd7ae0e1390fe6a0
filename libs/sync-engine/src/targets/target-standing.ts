import { EXPIRY_WARNING_DAYS, expiresSoon, type CheckOutcome } from '@wami/contracts';
import { isProviderError } from '@wami/provider-port';
import type { ConnectionBook } from '../connections/connection-book';
import type { TargetHealth } from '../engine';
import type { EngineLogger } from '../logger';
import type { EngineMetrics } from '../metrics';
import type { Standing } from '../reports/report';
import type { Clock } from '../seams';
import type { Credentials } from './credentials';
import type { Pacer } from './pacer';
import type { Quarantine } from './quarantine';

export interface StandingParts {
  readonly account: string;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly credentials: Credentials;
  readonly quarantine: Quarantine;
  readonly pacer: Pacer;
  readonly metrics: EngineMetrics;
  readonly logger: EngineLogger;
  readonly checkEveryMs: number;
}

/** A target counts as throttled for so long after it said so. */
const THROTTLED_MS = 60_000;
/** Where nobody answered who we are, it is asked again sooner. */
const UNANSWERED_MS = 60_000;
const TOO_MUCH_FAILS = 'too many calls failed; it is tried with one call at a time until one succeeds';

/** How one owned target is, and when its credentials are tried again. */
export class TargetStanding {
  private throttledAt = -Infinity;
  private checkAt = -Infinity;
  private warnedOf: string | undefined;

  constructor(private readonly parts: StandingParts) {}

  /** The provider refused a request because there were too many. */
  throttled(): void {
    this.throttledAt = this.parts.clock.now();
  }

  /** There may be other credentials. */
  reconnected(): void {
    this.checkAt = -Infinity;
  }

  /** Tries the credentials where it is time to; rejected ones put the target in quarantine, accepted ones end one that was for their sake. */
  async check(): Promise<void> {
    const { clock, quarantine, credentials, book, account } = this.parts;
    if (quarantine.activeUntil !== undefined || (clock.now() < this.checkAt && !this.restsForTheirSake) || book.target(account) === undefined) return;
    await this.ask(() => (this.checkAt === -Infinity ? credentials.accepted() : credentials.renewed()));
  }

  /** The same now, in quarantine too, since somebody asked. */
  async checkNow(): Promise<CheckOutcome> {
    const { book, account, credentials } = this.parts;
    return book.target(account) === undefined ? 'not-connected' : this.ask(() => credentials.renewed());
  }

  private async ask(whoWeAre: () => Promise<void>): Promise<CheckOutcome> {
    const { clock, quarantine, checkEveryMs } = this.parts;
    const begunAt = clock.now();
    const forTheirSake = this.restsForTheirSake;
    let came: CheckOutcome = 'ok';
    try {
      await whoWeAre();
      this.checkAt = clock.now() + checkEveryMs;
      if (forTheirSake) await quarantine.succeeded(begunAt);
    } catch (error) {
      if (!isProviderError(error)) throw error;
      came = error.code;
      this.checkAt = clock.now() + Math.min(checkEveryMs, UNANSWERED_MS);
      if (error.code === 'AuthExpired') await quarantine.failed(error.code, error.message, begunAt);
    }
    this.warn();
    return came;
  }

  private get restsForTheirSake(): boolean {
    const { probing, code = 'AuthExpired' } = this.parts.quarantine;
    return probing && code === 'AuthExpired';
  }

  /** Undefined before the credentials were tried. */
  now(): Standing | undefined {
    const { clock, book, account, quarantine, credentials: { principal, expiresAt, rejected, isTried }, pacer } = this.parts;
    const who = { ...(principal === undefined ? {} : { principal }), ...(expiresAt === undefined ? {} : { expiresAt }) };
    const rates = pacer.figures();
    const problem = book.problem(account);
    if (problem !== undefined) return { health: 'not-connected', reason: problem, rates: [] };
    if (rejected !== undefined) return { ...who, health: 'credentials-rejected', reason: rejected, rates };
    if (quarantine.probing) {
      const isTheirs = quarantine.code === 'AuthExpired';
      return { ...who, health: isTheirs ? 'credentials-rejected' : 'quarantined', reason: isTheirs ? quarantine.reason ?? 'the credentials were rejected' : TOO_MUCH_FAILS, rates };
    }
    if (!isTried) return undefined;
    return { ...who, health: clock.now() - this.throttledAt < THROTTLED_MS ? 'throttled' : 'ok', rates };
  }

  /** For an operator, where the credentials end soon. */
  get warning(): string | undefined {
    const { credentials: { expiresAt }, clock } = this.parts;
    return expiresSoon(expiresAt, clock.now()) ? `the credentials end at ${expiresAt}; put new ones where the connection reads them, no restart is needed` : undefined;
  }

  /** As the engine says it of itself. */
  health(): Omit<TargetHealth, 'account'> {
    const { reason, activeUntil } = this.parts.quarantine;
    const { warning } = this;
    if (reason === undefined) return { ok: true, ...(warning === undefined ? {} : { reason: warning }) };
    return { ok: false, reason, ...(activeUntil === undefined ? {} : { triedAgainAt: new Date(activeUntil).toISOString() }) };
  }

  private warn(): void {
    const { account, credentials: { expiresAt }, logger, metrics } = this.parts;
    metrics.credentialsEnd(account, expiresAt === undefined ? undefined : Date.parse(expiresAt));
    if (this.warning === undefined || this.warnedOf === expiresAt) return;
    this.warnedOf = expiresAt;
    logger.warn({ account, expiresAt }, `credentials end within ${EXPIRY_WARNING_DAYS} days`);
  }
}
