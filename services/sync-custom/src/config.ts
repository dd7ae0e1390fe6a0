import { readConfig } from '@wami/platform';
import type { ProviderAdapter } from '@wami/provider-port';
import { z } from 'zod';
import { loadAdapter } from './load-adapter';

const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const FOLDER = /^\.{0,2}\//;
const REQUIRED = 'is required: the package whose adapter is to be used, `@acme/wami-okta`, or its folder, `/opt/wami-okta`';

/** The package that holds the adapter: code that runs with all that the process may, so that only the operator names it. */
export const customConfigShape = {
  WAMI_ADAPTER: z.string({ error: REQUIRED }).refine((name) => PACKAGE.test(name) || FOLDER.test(name), 'must be the name of a package, `@acme/wami-okta`, or its folder, `/opt/wami-okta` or `./wami-okta`'),
};

/** @throws StartupError where it cannot be used */
export function adapterOfEnvironment(env: Readonly<Record<string, string | undefined>>): Promise<ProviderAdapter> {
  return loadAdapter(readConfig(z.object(customConfigShape), env).WAMI_ADAPTER, process.cwd());
}
