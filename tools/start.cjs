// `npm start`: installs and builds what is missing, then becomes the standalone process. Only that one writes to stdout.
require('./node-version.cjs');
const { existsSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { buildConsole } = require('./console.cjs');
const { build, install, root, runnableProjects, say } = require('./install.cjs');

const main = join(root, 'services', 'standalone', 'dist', 'main.js');

function fail(message) {
  say(message);
  process.exit(1);
}

if (!install()) fail('The packages could not be installed: see the messages of npm above.');
if (!build(runnableProjects())) fail('The build failed: see the messages of the compiler above.');
if (!buildConsole()) fail('The console could not be built: see the messages above.');
if (!existsSync(main)) fail(`The build made no ${main}.`);

// In this process and as its main module, so that signals and the exit code are its own.
process.argv[1] = main;
Module.runMain();
