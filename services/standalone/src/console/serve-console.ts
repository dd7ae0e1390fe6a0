import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONSOLE_PAGES, type Site } from '@wami/console';
import { OidcSignIn, type oidcSignInSettingsOf } from '@wami/platform';
import { ConsoleSessions } from './console-sessions';
import { OidcController } from './oidc.controller';
import { SandboxControl } from './sandbox-control';
import { SandboxesController } from './sandboxes.controller';
import { SignInController } from './sign-in.controller';

class ConsoleModule {}

class SignInElsewhereModule {}
type SignInSettings = ReturnType<typeof oidcSignInSettingsOf>;

export interface ConsoleParts {
  readonly sessions: ConsoleSessions;
  /** Addresses of sandbox clouds, by target. */
  readonly sandboxes: Readonly<Record<string, string>>;
}

/** What the console asks of `npm start` alone. */
export function consoleModule({ sessions, sandboxes }: ConsoleParts): DynamicModule {
  return {
    module: ConsoleModule, controllers: [SignInController, SandboxesController],
    providers: [{ provide: ConsoleSessions, useValue: sessions }, { provide: SandboxControl, useValue: new SandboxControl(sandboxes) }],
  };
}

/** Signing in at an issuer; nothing where none is named. */
export function signInElsewhere(settings: SignInSettings): readonly DynamicModule[] {
  return settings ? [{ module: SignInElsewhereModule, controllers: [OidcController], providers: [{ provide: OidcSignIn, useValue: new OidcSignIn(settings) }] }] : [];
}

/** Host of the issuer, as the page is told. */
export const issuerOf = (settings: SignInSettings): { readonly issuer?: string } => (settings ? { issuer: new URL(settings.issuer).host } : {});

/** Nothing of another origin, no code and no style but the files of the page, and the page in nobody's frame. */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
].join('; ');
export const PAGE_HEADERS = { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' };
/** The name of a file changes with its content. */
export const FILE_HEADERS = { ...PAGE_HEADERS, 'cache-control': 'public, max-age=31536000, immutable' };

/** The console at the addresses of its pages: what else the origin answers stays the API's. Its files are held in memory; there is no path to escape from. */
export function serveConsole(app: NestFastifyApplication, { html, files }: Site): void {
  const instance = app.getHttpAdapter().getInstance();
  for (const page of CONSOLE_PAGES) instance.get(page, (_request, reply) => void reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(html));
  for (const { path, type, content } of files)
    instance.get(path, (_request, reply) => void reply.headers(FILE_HEADERS).type(type).send(content));
}
