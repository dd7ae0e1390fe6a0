const { existsSync } = require('node:fs');
const { join } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

const root = join(__dirname, '..');

/** Specs of a minute and more, the longest first: one that starts last is waited for while the other worker has nothing to do. */
const long = [
  'services/standalone/src/access-matrix.e2e.spec.ts', 'services/standalone/src/chaos/kill-points.e2e.spec.ts', 'libs/sync-engine/src/simulation/simulation.int.spec.ts',
  'tools/bench/benches.spec.cjs', 'services/standalone/src/admin/backup.e2e.spec.ts', 'services/standalone/src/chaos/random-kills.e2e.spec.ts',
  'services/sync-aws/src/aws/aws.conformance.spec.ts', 'services/standalone/src/apart/apart.e2e.spec.ts', 'services/standalone/src/apart/planted-secrets.e2e.spec.ts',
  'services/projection/src/rebuild/rebuild.int.spec.ts', 'services/standalone/src/chaos/lost-answers.e2e.spec.ts', 'services/standalone/src/row-level-security.e2e.spec.ts',
  'services/standalone/src/promise-14-nothing-secret.e2e.spec.ts', 'services/standalone/src/chaos/reliability/two-sync-services.e2e.spec.ts', 'services/standalone/src/outside/schemathesis.e2e.spec.ts',
  'eslint/boundaries.spec.ts', 'libs/sync-engine/src/promise-1-no-lost-work.int.spec.ts',
].map((file) => join(root, file));

/** Of `long`, those that are no more. */
const gone = () => long.filter((file) => !existsSync(file));

/** What starts the most takes the longest, however short its text. */
const kinds = ['.e2e.spec.', '.conformance.spec.', '.int.spec.'];
const rank = (list, index) => (index === -1 ? list.length : index);

/** What is long starts first, then what starts processes; a second's worth comes last. Among equals jest judges, by how long it took the last time or by size. */
module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => rank(long, long.indexOf(path)) * (kinds.length + 1) + rank(kinds, kinds.findIndex((kind) => path.includes(kind)));
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
};
module.exports.gone = gone;
