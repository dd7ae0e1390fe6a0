import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runTool } from '../run-tool';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';
import { grpcTools } from './outsider';

/** What protoc makes of every .proto file below a folder: a descriptor set with all that they import. */
export async function compileProtos(folder: string): Promise<Buffer> {
  const python = join(await grpcTools(), 'python3');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.proto'))
    .map((file) => relative(folder, join(file.parentPath, file.name))).sort();
  const made = temporaryDirectory('protoc');
  try {
    const out = join(made, 'set.binpb');
    await runTool(python, ['-m', 'grpc_tools.protoc', '-I', folder, '--include_imports', `--descriptor_set_out=${out}`, ...files], 'install Python 3.10 or newer');
    return readFileSync(out);
  } finally {
    removeDirectory(made);
  }
}
