import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROBLEMS } from '@wami/contracts';
import { startEmulator, type Emulator } from '../emulators/emulator';
import { pythonTools } from '../emulators/python';

const PINS = [
  'grpcio==1.85.1', 'grpcio-reflection==1.85.1', 'grpcio-health-checking==1.85.1', 'grpcio-tools==1.85.1', 'googleapis-common-protos==1.76.0', 'protobuf==7.36.2',
];
const SCRIPT = join(__dirname, 'outsider.py');
const TIMEOUT_MS = 90_000;
const run = promisify(execFile);

/** A `bin` folder with a Python that has gRPC and protoc. */
export const grpcTools = (): Promise<string> => pythonTools(PINS);

/** The client of somebody else as a server: each HTTP request becomes the gRPC call whose `google.api.http` rule it fits, found by reflection. */
export async function startGrpcGateway({ grpc, http }: { readonly grpc: string; readonly http: string }): Promise<Emulator> {
  const python = join(await grpcTools(), 'python3');
  const statuses = Object.fromEntries(Object.entries(PROBLEMS).map(([code, [status]]) => [code, status]));
  return startEmulator('grpc-gateway', (port) => ({
    command: python, args: [SCRIPT, 'gateway', grpc, String(port)], env: { WAMI_HTTP: http, WAMI_STATUSES: JSON.stringify(statuses), PYTHONDONTWRITEBYTECODE: '1' },
  }));
}

/** What the client of somebody else finds at an address; creates the user `outsider` in the tenant `default`. */
export async function grpcReport(address: string, token: string): Promise<Readonly<Record<string, unknown>>> {
  const python = join(await grpcTools(), 'python3');
  const { stdout } = await run(python, [SCRIPT, 'report', address], {
    timeout: TIMEOUT_MS, maxBuffer: 16 << 20, env: { ...process.env, WAMI_TOKEN: token, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}
