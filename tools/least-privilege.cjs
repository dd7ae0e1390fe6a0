// Writes what each cloud has to allow WAMI, out of the tables of operations that stand beside the adapters: npm run docs:least-privilege
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'infra/least-privilege');

mkdirSync(FOLDER, { recursive: true });
for (const provider of ['aws', 'gcp', 'azure']) {
  const { leastPrivilege } = require(join(ROOT, `services/sync-${provider}/src/${provider}/${provider}.permissions.ts`));
  for (const [name, text] of Object.entries(leastPrivilege())) {
    writeFileSync(join(FOLDER, name), text);
    process.stdout.write(`infra/least-privilege/${name}\n`);
  }
}
