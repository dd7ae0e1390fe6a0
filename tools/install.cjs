const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program of this workspace, its output on stderr; returns whether it succeeded. */
function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (error) say(`Could not run ${program}: ${error.message}`);
  return status === 0;
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Whether an entry of the lock is what lies in node_modules; an optional one may be missing, for it is for another platform. */
const same = (locked, installed) =>
  installed ? installed.version === locked.version && installed.integrity === locked.integrity : locked.optional === true;

/** Whether node_modules holds exactly what the lock says (npm writes its own record there last, so a broken-off install shows). */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const locked = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(record);
  return Object.keys(locked).every((path) => path === '' || same(locked[path], installed[path]));
}

function npmCi() {
  const args = ['ci', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  return npm ? run(process.execPath, [npm, ...args]) : run('npm', args, { shell: process.platform === 'win32' });
}

/** Installs what the lock names, unless it is there already; returns whether all of it is there. */
function install() {
  if (isInstalled()) return true;
  say('Installing packages (about a minute, once) ...');
  return npmCi();
}

/** Compiles the given projects (all without an argument, specs included); returns whether that went without an error. */
function build(projects = []) {
  return run(process.execPath, [join(root, 'node_modules', 'typescript7', 'bin', 'tsc'), '-b', ...projects]);
}

/** The projects of what runs, without the specs. */
function runnableProjects() {
  return ['services', 'examples']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'tsconfig.lib.json')))
    .filter((file) => existsSync(join(root, file)));
}

module.exports = { root, say, run, isInstalled, install, build, runnableProjects };
