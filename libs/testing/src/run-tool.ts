import { execFile } from 'node:child_process';

const TIMEOUT_MS = 15 * 60_000;
const KEPT_LINES = 12;

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-KEPT_LINES).join('\n');
}

/** Runs a command line tool to its end; fails with its last lines of output, or with `howToGet` when it is not installed. */
export function runTool(tool: string, args: readonly string[], howToGet: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(tool, args, { maxBuffer: 64 << 20, timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (!error) resolve();
      else if (error.code === 'ENOENT') reject(new Error(`"${tool}" is not installed: ${howToGet}`));
      else reject(new Error(`${tool} failed: ${lastLines(stderr || stdout || error.message)}`));
    });
  });
}
