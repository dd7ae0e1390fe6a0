import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { keepConformanceTable, runAdapterConformance, Verdicts, type KindSample, type Witness } from '@wami/testing';
import { startDirectory } from '../server/start-directory';
import { DirectoryHands } from '../spec-support/directory-hands';
import { createDirectoryAdapter } from './directory.adapter';

const ORGANIZATION = 'acme';
const TOKEN = 'a-token-of-the-directory-that-must-never-show';
process.env['WAMI_CONFORMANCE_DIRECTORY_TOKEN'] = TOKEN;

const SMALL_PAGES = 10;

/** The directory itself, in memory. For a service that others run: one of its own for tests, or an account there that holds nothing else. */
const directory: Witness = {
  name: 'its directory (ours)',
  async start() {
    const { url, at, heal, calls, close } = await startDirectory({ organization: ORGANIZATION, token: TOKEN });
    const connection: Connection = { provider: 'directory', account: ORGANIZATION, endpoint: url, credentials: { type: 'bearer', token: 'env:WAMI_CONFORMANCE_DIRECTORY_TOKEN' } };
    return {
      adapter: createDirectoryAdapter({ pageSize: SMALL_PAGES }),
      connection,
      otherAccount: { ...connection, account: 'somebody-else' },
      secrets: [TOKEN],
      hands: new DirectoryHands(url, ORGANIZATION, TOKEN),
      misbehaviour: {
        can: ['throttle', 'error', 'access-denied', 'credentials-rejected', 'lost-request', 'lost-answer', 'timeout'],
        at,
        staleReads: () => undefined,
        heal,
      },
      calls,
      stop: close,
    };
  },
};

const NAMES = { goodNames: ['n'.repeat(40), 'A_z.0-', '9'], badNames: ['n'.repeat(41), '', '-begins-so', 'with blank', 'größe', 'a/b'] };
const user: KindSample = {
  kind: 'user',
  document: { displayName: 'Ann', email: 'ann@example.com', tags: { team: 'core' } },
  ...NAMES,
  caseInsensitive: true,
  rename: true,
  changes: [{ field: 'displayName', value: 'Zoë 100% £' }, { field: 'email', value: 'zoe@example.com' }],
  tags: true,
  adoptable: true,
  relation: { facet: 'groups', kind: 'group' },
};
const group: KindSample = { kind: 'group', document: { tags: { team: 'core' } }, ...NAMES, caseInsensitive: true, rename: true, changes: [], tags: true, adoptable: true };

describe('the adapter of the example', () => {
  const verdicts = new Verdicts('The example of an adapter of your own');
  runAdapterConformance(directory, [user, group], verdicts);
  keepConformanceTable(join(__dirname, '../../../../docs/conformance.md'), verdicts);
});
