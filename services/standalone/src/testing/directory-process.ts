import { patiently as eventually } from '@wami/testing';
import { apiCalls } from './api-calls';
import { ExampleProcess } from './example-process';

export interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly groups?: readonly { readonly name: string }[];
}

/** The directory of `examples/custom-adapter` as a process, and somebody else who works in it. */
export interface DirectoryProcess {
  readonly url: string;
  call<T = DirectoryEntry>(method: string, path: string, body?: unknown): Promise<T>;
  /** Everything there, by name. */
  all(): Promise<{ readonly users: readonly DirectoryEntry[]; readonly groups: readonly DirectoryEntry[] }>;
  stop(): Promise<void>;
}

export async function startDirectoryProcess(organization: string, token: string): Promise<DirectoryProcess> {
  const running = new ExampleProcess('custom-adapter/dist/server/main.js', process.cwd(), { DIRECTORY_ORGANIZATION: organization, DIRECTORY_TOKEN: token });
  const url = await eventually(() => running.lines[0]?.split(' ').at(-1) ?? false, { describe: 'the directory answers' });
  if (url === false) throw new Error(`the directory says no address: ${running.err}`);
  const { call } = apiCalls(() => `${url}/v1/organizations/${organization}`, token);
  const list = async (kind: string): Promise<DirectoryEntry[]> => (await call<{ items: DirectoryEntry[] }>('GET', `/${kind}`)).items.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { url, call, all: async () => ({ users: await list('users'), groups: await list('groups') }), stop: async () => void await running.end('SIGKILL') };
}
