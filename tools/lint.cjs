// `npm run lint [-- files]`: ESLint with a fresh Nx project graph, without which the import rules could not judge.
require('./node-version.cjs');
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { root, say } = require('./install.cjs');

const script = (...path) => join(root, 'node_modules', ...path);
const nxEnvironment = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
const skipped = /rule will be skipped/i;

/** The names of the projects in the graph, which is made or renewed by asking. */
function makeProjectGraph() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script('nx', 'dist', 'bin', 'nx.js'), 'show', 'projects'], {
    cwd: root,
    env: nxEnvironment,
    encoding: 'utf8',
    timeout: 300_000,
  });
  const projects = (stdout ?? '').split('\n').filter(Boolean);
  if (status === 0 && projects.length > 0) return true;
  say(`Nx made no project graph, without it the import rules cannot be checked:\n${stdout}${stderr}`);
  return false;
}

function eslint(args) {
  const { status, stdout } = spawnSync(process.execPath, [script('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', ...args], {
    cwd: root,
    env: nxEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 256 * 1024 * 1024,
    timeout: 900_000,
  });
  process.stdout.write(stdout ?? '');
  if (!skipped.test(stdout ?? '')) return status ?? 1;
  say('ESLint skipped the import rules: that counts as an error.');
  return 1;
}

/** Of the tests beside: the files with which they try the rules come and go. */
const everything = ['.', '--ignore-pattern', '**/zz-boundary-probe-*'];

/** 0 when all is well; arguments go to ESLint, which looks at everything without any. */
function lint(args = []) {
  return makeProjectGraph() ? eslint(args.length > 0 ? args : everything) : 1;
}

if (require.main === module) process.exitCode = lint(process.argv.slice(2));

module.exports = { lint };
