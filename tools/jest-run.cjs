const { spawn } = require('node:child_process');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const limitMinutes = 60;

/** Runs jest over all projects, with `scratch` for temporary files; resolves to how it ended: `{ status }`, or `{ problem }` when it did not end by itself. */
function runJest(args, { root, report, leftOutFile, scratch }) {
  const workers = args.some((arg) => /^(-w|--maxWorkers|-i|--runInBand)/.test(arg)) ? [] : ['--maxWorkers=3'];
  const jest = spawn(
    process.execPath,
    [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...workers, '--cacheDirectory', join(tmpdir(), 'wami-jest'), '--json', `--outputFile=${report}`, ...args],
    // What jest prints to stdout is the report once more.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, WAMI_LEFT_OUT_FILE: leftOutFile, TMPDIR: scratch } },
  );
  const forward = (signal) => jest.kill(signal);
  process.once('SIGINT', forward).once('SIGTERM', forward);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      jest.kill('SIGKILL');
      resolve({ problem: `the tests did not end within ${limitMinutes} minutes` });
    }, limitMinutes * 60_000);
    const end = (result) => {
      clearTimeout(timer);
      resolve(result);
    };
    jest.once('error', (error) => end({ problem: `jest could not be started: ${error.message}` }));
    jest.once('exit', (status, signal) => end(signal ? { problem: `jest was ended by ${signal}` } : { status }));
  });
}

module.exports = { runJest };
