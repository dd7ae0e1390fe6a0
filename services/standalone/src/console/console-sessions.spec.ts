import { administratorToken, Secret } from '@wami/platform';
import { ConsoleSessions } from './console-sessions';

const HOUR_MS = 3_600_000;

describe('signing in to the console with a code', () => {
  const token = new Secret('the-administrator-of-this-test');
  let now = 0;
  const sessions = (): ConsoleSessions => new ConsoleSessions(administratorToken(token), token, () => now);
  beforeEach(() => (now = 0));

  it('a code is worth one token, which is the administrator, and another than the one it stands for', async () => {
    const all = sessions();
    const code = all.newCode();
    const session = all.redeem(code);
    expect(await all.callerOf(session ?? '')).toEqual({ actor: 'admin', role: 'admin', tenant: '' });
    expect(session).not.toContain(token.reveal());
    expect(all.redeem(code)).toBeUndefined();
  });

  it('neither a code nor the token itself nor anything else opens anything here', async () => {
    const all = sessions();
    const code = all.newCode();
    for (const guess of [code, token.reveal(), '', 'wami_console_']) expect(await all.callerOf(guess)).toBeUndefined();
    expect(all.redeem('')).toBeUndefined();
  });

  it('a code is good for an hour, a token for twelve', async () => {
    const all = sessions();
    const [early, late] = [all.newCode(), all.newCode()];
    now = HOUR_MS - 1;
    const session = all.redeem(early) ?? '';
    now = HOUR_MS;
    expect(all.redeem(late)).toBeUndefined();
    now = 13 * HOUR_MS - 2;
    expect(await all.callerOf(session)).toBeDefined();
    now = 13 * HOUR_MS - 1;
    expect(await all.callerOf(session)).toBeUndefined();
  });
});
