import { readSite } from '@wami/console';
import { createHttpApp, HealthRegistry, httpLimitsOf, listen, Metrics, oidcSettingsOf, oidcSignInSettingsOf, serveMetrics, StartupError, type AccessTokens, type Logger, type Running } from '@wami/platform';
import { Closing } from '@wami/service-runtime';
import { openTracing, tracingSettingsOf } from '@wami/tracing';
import type { ConsoleConfig } from './console.config';
import { issuerOf, serveConsole, signInElsewhere } from './serve-console';

const NAME = 'console';
/** The API knows whose a token is. Here none is good for anything. */
const NOBODY: AccessTokens = { callerOf: () => Promise.resolve(undefined) };

export interface RunningConsole extends Running {
  readonly url: string;
}

/** The console as a process of its own, for the ingress that puts it on the origin of the API. @throws StartupError with one line for the operator. */
export async function startConsole(config: ConsoleConfig, logger: Logger): Promise<RunningConsole> {
  const closing = new Closing();
  return { url: await closing.onFailure(() => open(config, logger, closing)), close: () => closing.run() };
}

async function open(config: ConsoleConfig, logger: Logger, closing: Closing): Promise<string> {
  const signIn = oidcSignInSettingsOf(config, oidcSettingsOf(config));
  const site = readSite({ sandboxes: [], ...issuerOf(signIn) });
  if (!site) throw new StartupError('The console was not built: run `npm run build:console`.');
  const metrics = new Metrics(NAME);
  closing.before(await openTracing(NAME, tracingSettingsOf(config), logger));
  const app = await createHttpApp({ limits: httpLimitsOf(config), title: 'WAMI console', tokens: NOBODY, health: new HealthRegistry(), metrics, logger, modules: signInElsewhere(signIn) });
  closing.before(() => app.close());
  serveConsole(app, site);
  const url = await listen(app, config.WAMI_HTTP_PORT, config.WAMI_HOST);
  const scraped = await serveMetrics(metrics, config);
  closing.before(() => scraped.close());
  return url;
}
