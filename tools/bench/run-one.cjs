// One run of one bench (or `versions`), as a process of its own; the outcome goes to the parent, without which this ends.
const { benches, fileOf } = require('./registry.cjs');

async function versions() {
  const testing = require('@wami/testing');
  const { Client } = require('pg');
  const postgres = await testing.startTestPostgres();
  const client = new Client({ connectionString: postgres.url });
  try {
    await client.connect();
    return { postgres: (await client.query('SHOW server_version')).rows[0].server_version };
  } finally {
    await client.end();
    await postgres.stop();
  }
}

async function outcomeOf(name) {
  if (name === 'versions') return versions();
  const bench = benches.find((one) => one.name === name);
  return bench.run(require(fileOf(bench)));
}

process.once('disconnect', () => process.exit(1));
outcomeOf(process.argv[2]).then(
  (outcome) => process.send({ outcome }, () => process.exit(0)),
  (error) => process.send({ problem: error instanceof Error ? error.stack : String(error) }, () => process.exit(1)),
);
