import { isProviderError, type Connection } from '@wami/provider-port';
import { createAzureAdapter } from '../azure/azure.adapter';

/** A process of its own, for what the SDK reads from the environment at its start: signs in by each connection of its first argument and prints what came of it. */
async function main(): Promise<void> {
  const results: unknown[] = [];
  for (const connection of JSON.parse(process.argv[2] ?? '[]') as readonly Connection[]) results.push(await signIn(connection));
  process.stdout.write(JSON.stringify(results));
}

async function signIn(connection: Connection): Promise<unknown> {
  try {
    return await createAzureAdapter().connect(connection).validateCredentials({ signal: AbortSignal.timeout(20_000) });
  } catch (error) {
    return isProviderError(error) ? { code: error.code, message: error.message, effect: error.options.effect } : { error: String(error) };
  }
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
