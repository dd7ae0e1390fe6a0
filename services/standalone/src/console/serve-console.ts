import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONSOLE_PAGES, type Site } from '@wami/console';
import { ConsoleSessions } from './console-sessions';
import { SandboxControl } from './sandbox-control';
import { SandboxesController } from './sandboxes.controller';
import { SignInController } from './sign-in.controller';

class ConsoleModule {}

/** What the console asks of this process alone. `sandboxes`: their addresses, by target. */
export function consoleModule(sessions: ConsoleSessions, sandboxes: Readonly<Record<string, string>>): DynamicModule {
  return {
    module: ConsoleModule, controllers: [SignInController, SandboxesController],
    providers: [{ provide: ConsoleSessions, useValue: sessions }, { provide: SandboxControl, useValue: new SandboxControl(sandboxes) }],
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
