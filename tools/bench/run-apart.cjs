const { fork } = require('node:child_process');
const { join } = require('node:path');
const { root } = require('../install.cjs');

const TIMEOUT_MS = 600_000;
const ALONE_TIMEOUT_MS = 3_600_000;
// The benches run from their sources (they are not part of what is shipped), what they measure as a process of its own from `dist`.
const FROM_SOURCE = ['-C', '@wami/source', '-r', join(root, 'tools', 'swc-hook.cjs')];

/** Runs it in a process of its own; rejects with what went wrong there, or when its time is over (ten minutes, an hour for one that runs alone), when everything that it started is gone with it. */
function runApart(name, env = {}, alone = false) {
  const timeout = alone ? ALONE_TIMEOUT_MS : TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'run-one.cjs'), [name], { cwd: root, execArgv: FROM_SOURCE, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2, 'ipc'] });
    let answer;
    const timer = setTimeout(() => {
      answer = { problem: `not done within ${timeout / 1000} s` };
      child.kill('SIGKILL');
    }, timeout);
    child.on('message', (message) => (answer ??= message));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (answer?.outcome) resolve(answer.outcome);
      else reject(new Error(answer?.problem ?? `ended with ${signal ?? code} without a result`));
    });
  });
}

module.exports = { runApart };
