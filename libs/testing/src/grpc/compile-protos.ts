import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runTool } from '../run-tool';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';
import { grpcTools } from './outsider';
import { includesOf, standardFolders, STANDARDS } from './standard-protos';

/** What protoc makes of every .proto file below a folder and of the standards that we speak: a descriptor set with all that they import. */
export async function compileProtos(folder: string): Promise<Buffer> {
  const python = join(await grpcTools(), 'python3');
  const includes = includesOf(await standardFolders());
  const ours = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.proto'))
    .map((file) => relative(folder, join(file.parentPath, file.name)));
  const made = temporaryDirectory('protoc');
  try {
    const out = join(made, 'set.binpb');
    const args = ['-m', 'grpc_tools.protoc', '-I', folder, ...includes, '--include_imports', `--descriptor_set_out=${out}`, ...[...ours, ...STANDARDS].sort()];
    await runTool(python, args, 'install Python 3.10 or newer');
    return readFileSync(out);
  } finally {
    removeDirectory(made);
  }
}
