#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('wami is not built yet. Run `npm start` (or `npm install && npm run build`) in the checkout first.\n');
  process.exit(1);
}
require(main).main(process.argv);
