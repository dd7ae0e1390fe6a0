import { writeFileSync } from 'node:fs';
import { isProviderError, type Connection, type ProviderTarget } from '@wami/provider-port';
import { createAzureAdapter } from '../azure/azure.adapter';

/** Who signs in; the same connection once more is the same target. */
export interface SignIn {
  readonly by: Connection;
  /** Written before it, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** As it is from then on; null: not there. */
  readonly environment?: Readonly<Record<string, string | null>>;
}
const targets = new Map<string, ProviderTarget>();

/** A process of its own, for what the SDK reads from the environment at its start: signs in as its first argument says and prints what came of it. */
async function main(): Promise<void> {
  const results: unknown[] = [];
  for (const { by, files = {}, environment = {} } of JSON.parse(process.argv[2] ?? '[]') as readonly SignIn[]) {
    for (const [path, content] of Object.entries(files)) writeFileSync(path, content);
    for (const [name, value] of Object.entries(environment)) {
      if (value === null) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    results.push(await signIn(by));
  }
  process.stdout.write(JSON.stringify(results));
}

function targetOf(connection: Connection): ProviderTarget {
  const key = JSON.stringify(connection);
  const target = targets.get(key) ?? createAzureAdapter().connect(connection);
  targets.set(key, target);
  return target;
}

async function signIn(connection: Connection): Promise<unknown> {
  try {
    return await targetOf(connection).validateCredentials({ signal: AbortSignal.timeout(20_000) });
  } catch (error) {
    return isProviderError(error) ? { code: error.code, message: error.message, effect: error.options.effect } : { error: String(error) };
  }
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
