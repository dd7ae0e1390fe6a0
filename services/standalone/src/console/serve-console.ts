import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONSOLE_PAGES, type Site } from '@wami/console';
import { OidcSignIn } from '@wami/platform';
import { ConsoleSessions } from './console-sessions';
import { OidcController } from './oidc.controller';
import { SandboxControl } from './sandbox-control';
import { SandboxesController } from './sandboxes.controller';
import { SignInController } from './sign-in.controller';

class ConsoleModule {}

export interface ConsoleParts {
  readonly sessions: ConsoleSessions;
  /** Addresses of sandbox clouds, by target. */
  readonly sandboxes: Readonly<Record<string, string>>;
  /** Absent where no issuer signs people in. */
  readonly oidc: OidcSignIn | undefined;
}

/** What the console asks of this process alone. */
export function consoleModule({ sessions, sandboxes, oidc }: ConsoleParts): DynamicModule {
  return {
    module: ConsoleModule, controllers: [SignInController, SandboxesController, ...(oidc ? [OidcController] : [])],
    providers: [{ provide: ConsoleSessions, useValue: sessions }, { provide: SandboxControl, useValue: new SandboxControl(sandboxes) }, ...(oidc ? [{ provide: OidcSignIn, useValue: oidc }] : [])],
  };
}

/** Nothing of another origin, no code and no style but the files of the page, and the page in nobody's frame. */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
].join('; ');
const HEADERS = { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' };

/** The console at the addresses of its pages: what else the origin answers stays the API's. Its files are held in memory; there is no path to escape from. */
export function serveConsole(app: NestFastifyApplication, { html, files }: Site): void {
  const instance = app.getHttpAdapter().getInstance();
  for (const page of CONSOLE_PAGES) instance.get(page, (_request, reply) => void reply.headers(HEADERS).type('text/html; charset=utf-8').send(html));
  for (const { path, type, content } of files)
    instance.get(path, (_request, reply) => void reply.headers({ ...HEADERS, 'cache-control': 'public, max-age=31536000, immutable' }).type(type).send(content));
}
