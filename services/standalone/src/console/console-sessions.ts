import { createHash, randomBytes } from 'node:crypto';
import type { AccessTokens, Secret } from '@wami/platform';

const CODE_FOR_MS = 3_600_000;
const SESSION_FOR_MS = 12 * 3_600_000;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Lets whoever started this process into the console without showing them the administrator's token: a code that is good once, within an hour,
 * is worth a token that this process alone knows, until it ends and for twelve hours at most. Only digests are kept.
 */
export class ConsoleSessions implements AccessTokens {
  private readonly codes = new Map<string, number>();
  private readonly sessions = new Map<string, number>();

  constructor(private readonly administrator: AccessTokens, private readonly token: Secret, private readonly now: () => number = Date.now) {}

  newCode(): string {
    const code = randomBytes(24).toString('base64url');
    this.codes.set(digest(code), this.now() + CODE_FOR_MS);
    return code;
  }

  /** A token; undefined where the code is none of ours, was used, or is too old. */
  redeem(code: string): string | undefined {
    const known = digest(code);
    const until = this.codes.get(known) ?? 0;
    this.codes.delete(known);
    if (until <= this.now()) return undefined;
    const token = `wami_console_${randomBytes(32).toString('base64url')}`;
    this.sessions.set(digest(token), this.now() + SESSION_FOR_MS);
    return token;
  }

  async callerOf(token: string): ReturnType<AccessTokens['callerOf']> {
    const until = this.sessions.get(digest(token));
    return until !== undefined && until > this.now() ? this.administrator.callerOf(this.token.reveal()) : undefined;
  }
}
