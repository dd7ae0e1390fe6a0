import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileArguments, startWamiProcess, type WamiProcess } from '@wami/testing';

/** Standalone whose one connection leads to the endpoint; with the same folder it goes on with what it had. */
export function startWamiAt(endpoint: string, account: string, folder: string, name: string): Promise<WamiProcess> {
  const file = join(folder, 'connections.yaml');
  writeFileSync(file, `connections:
  - provider: aws
    account: "${account}"
    endpoint: ${endpoint}
    credentials: { type: static, accessKeyId: env:BENCH_ACCESS_KEY_ID, secretAccessKey: env:BENCH_SECRET_ACCESS_KEY }
    limits: { concurrency: 32 }
`);
  return startWamiProcess({
    dataDir: join(folder, 'data'), nodeArguments: profileArguments(name),
    env: { WAMI_CONNECTIONS: file, BENCH_ACCESS_KEY_ID: 'AKIABENCH00000000000', BENCH_SECRET_ACCESS_KEY: 'bench' },
  });
}
