// `npm run build:console`, and part of `npm start` and `npm test`: builds the web page where anything that it is made of has changed.
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { root, run } = require('./install.cjs');

const project = join(root, 'services', 'console');
const stamp = join(project, 'dist', 'site', 'made-of.txt');
/** Beside the sources the lock, since what is packed in comes from there. */
const parts = [join(project, 'src'), join(project, 'index.html'), join(project, 'vite.config.mjs'), join(root, 'libs', 'contracts', 'src'), join(root, 'package-lock.json')];

function filesIn(path) {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath ?? one.path, one.name));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

function digest() {
  const hash = createHash('sha256');
  for (const file of parts.flatMap(filesIn).sort()) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Returns whether the page is there as its sources say. */
function buildConsole() {
  const sources = digest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return true;
  const vite = join(dirname(require.resolve('vite/package.json', { paths: [project] })), 'bin', 'vite.js');
  if (!run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: project })) return false;
  writeFileSync(stamp, sources);
  return true;
}

if (require.main === module) process.exitCode = buildConsole() ? 0 : 1;

module.exports = { buildConsole };
