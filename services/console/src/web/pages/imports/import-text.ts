import type { ImportItem, ImportProgress } from '@wami/contracts';
import { quoted } from '../../ui/shell';

export const importLink = (job: string): string => `/imports/${job}`;

/** What is asked of a target, as the API takes it. */
export interface Asked {
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
  /** Left out: all that can be imported. */
  readonly kinds?: readonly string[];
  readonly adopt: boolean;
}

/** The command that does the same. */
export function importLine({ tenant, provider, account, kinds, adopt }: Asked): string {
  const words = ['-t', tenant || 'TENANT', 'sync', 'import', '--provider', provider, '--account', account, ...(kinds ? ['--kinds', kinds.join(',')] : []), ...(adopt ? ['--adopt'] : [])];
  return ['npx wami', ...words.map(quoted)].join(' ');
}

/** `5 seen, 2 managed already, 3 can be imported`, and what became of those that were to be managed. */
export function progressText({ seen, managed, found, adopt, imported, refused }: ImportProgress): string {
  return `${seen} seen, ${managed} managed already, ${found} can be imported${adopt ? `; ${imported} imported, ${refused} refused` : ''}.`;
}

/** Symbol, word, and its looks. */
export const OUTCOMES: Readonly<Record<ImportItem['outcome'], readonly [look: string, word: string]>> = {
  found: ['', '▸ can be imported'], obstacle: ['not', '! cannot be imported'], imported: ['ok', '✓ imported'], refused: ['not', '! refused'],
};

/** Why it cannot be imported, or was not. */
export const whyText = ({ obstacle, code, detail }: Pick<ImportItem, 'obstacle' | 'code' | 'detail'>): string => [obstacle, code, detail].filter((part) => part !== undefined).join(': ');
