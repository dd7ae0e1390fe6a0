import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Root } from 'protobufjs';
import { grpcTools } from './outsider';

const TIMEOUT_MS = 90_000;

/** What we speak that is not ours. */
export const STANDARDS = [
  'google/rpc/error_details.proto', 'google/rpc/status.proto', 'grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto', 'grpc/reflection/v1alpha/reflection.proto',
];
const HEALTH = 'grpc/health/v1';

/** Where the packages of others keep the .proto files that ours import and that we speak. */
export interface StandardFolders {
  readonly reflection: string;
  readonly health: string;
  readonly google: string;
}

export async function standardFolders(): Promise<StandardFolders> {
  const python = join(await grpcTools(), 'python3');
  const { stdout } = await promisify(execFile)(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { timeout: TIMEOUT_MS });
  return {
    reflection: join(dirname(require.resolve('@grpc/reflection/package.json')), 'build', 'proto'),
    health: join(dirname(require.resolve('grpc-health-check/package.json')), 'proto', 'health', 'v1'),
    google: stdout.trim(),
  };
}

/** `-I` of protoc for them. */
export const includesOf = ({ reflection, health, google }: StandardFolders): string[] => ['-I', `${HEALTH}=${health}`, '-I', reflection, '-I', google];

/** What protobufjs makes of them, as `standards.json`: for who speaks them without having the files. */
export async function compileStandards(): Promise<string> {
  const { reflection, health, google } = await standardFolders();
  const root = new Root();
  root.resolvePath = (_origin, target) => {
    if (target.startsWith('google/protobuf/')) return target; // protobufjs knows it by heart
    if (target.startsWith(`${HEALTH}/`)) return join(health, target.slice(HEALTH.length));
    return join(target.startsWith('grpc/') ? reflection : google, target);
  };
  const { nested } = root.loadSync(STANDARDS).resolveAll().toJSON();
  const known = nested?.['google'];
  if (known && 'nested' in known) delete known.nested?.['protobuf'];
  return `${JSON.stringify({ nested })}\n`;
}
