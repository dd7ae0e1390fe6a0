import { inScope, secureTable, type Migration } from '@wami/event-store';
import { TENANT_PATH_COLUMN, TENANT_RANGE } from '../model/table';

/**
 * Where the read models disagreed with a repair's statements. No read model of its own: it tells what stood in their rows at a moment, and no fold of
 * events tells that again.
 */
export const REPAIR_FINDINGS: Migration = {
  id: '003-repair-findings',
  up: `
    CREATE TABLE repair_findings (
      repair text COLLATE "C" NOT NULL,
      resource text COLLATE "C" NOT NULL,
      provider text COLLATE "C" NOT NULL,
      account text COLLATE "C" NOT NULL,
      kind text COLLATE "C" NOT NULL,
      tenant text COLLATE "C" NOT NULL,
      fields jsonb NOT NULL,
      is_right boolean NOT NULL,
      ${TENANT_PATH_COLUMN},
      PRIMARY KEY (repair, resource, provider, account)
    );
    ${secureTable('repair_findings', inScope(TENANT_RANGE))}
  `,
};
