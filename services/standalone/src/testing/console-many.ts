import { WORST_FIRST } from '@wami/contracts';
import type { TestPostgres } from '@wami/testing';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

const MANY = 100_000;
/** Every so manieth is refused by its cloud. */
const REFUSED = 1000;
const TEAMS = 50;

/** What the read models would have of so many more like a user who is there and synced; nothing else knows of these. */
async function multiply(postgres: TestPostgres, known: string, { table, key, values }: (typeof ROWS)[number]): Promise<void> {
  const found = await postgres.query<{ readonly name: string }>(`SELECT column_name AS name FROM information_schema.columns
    WHERE table_schema = 'projection' AND table_name = $1 AND column_name <> 'tenant_path' ORDER BY ordinal_position`, [table]);
  const columns = found.map(({ name }) => name);
  await postgres.query(`INSERT INTO projection.${table} (${columns.join(', ')}) SELECT ${columns.map((name) => `made.${name}`).join(', ')} FROM projection.${table} known,
    (SELECT i, 'usr_' || lpad(i::text, 26, '0') AS id, 'person-' || i AS name FROM generate_series(1, ${MANY}) AS i) AS one,
    LATERAL jsonb_populate_record(known, jsonb_build_object('${key}', one.id, ${values})) AS made WHERE known.${key} = $1`, [known]);
}

const ifRefused = (refused: string, otherwise: string): string => `CASE WHEN one.i % ${REFUSED} = 0 THEN ${refused} ELSE ${otherwise} END`;
const FAILURE = `jsonb_build_object('error', jsonb_build_object('code', 'AccessDenied', 'message', 'not allowed', 'retryable', false), 'failedAt', known.updated_at, 'retryCount', 0, 'operation', 'create')`;

const TEAM = `'team-' || one.i % ${TEAMS}`;

const ROWS = [
  { table: 'resources', key: 'id', values: `'arn', replace(known.arn, known.id, one.id), 'name', one.name, 'name_key', one.name, 'tags', jsonb_build_object('team', ${TEAM}),
    'document', known.document || jsonb_build_object('userName', one.name)` },
  { table: 'resource_tags', key: 'resource', values: `'value', ${TEAM}` },
  { table: 'sync_states', key: 'resource', values: `'state', ${ifRefused(`'Failed'`, 'known.state')}, 'rank', ${ifRefused(String(WORST_FIRST.indexOf('Failed')), 'known.rank')},
    'code', ${ifRefused(`'AccessDenied'`, `''`)}, 'body', ${ifRefused(FAILURE, 'known.body')}` },
] as const;

/** Part of a spec of the console that has a database of its own: nothing in it looks at more than a page of a list. */
export function answersAmongMany({ tab, at, create, settled, heading, row, path }: ConsoleUser, postgres: () => TestPostgres): void {
  it('answers among a hundred thousand resources: lists, filters, finds, and shows one', async () => {
    const { page } = tab();
    const known = await create('one-of-many', { tags: { team: 'core' } });
    await settled(known, 'Synced');
    await Promise.all(ROWS.map((rows) => multiply(postgres(), known, rows)));
    await postgres().query('ANALYZE');

    await page.goto(at('/r'));
    await row('person-50').waitFor();
    expect(await page.getByRole('row').count()).toBe(51);
    await page.getByRole('link', { name: 'Next page' }).click();
    await row('person-100').waitFor();
    await page.getByLabel('State').selectOption('Failed');
    await row('person-50000').getByText('Failed').waitFor();
    expect(await page.getByRole('row').count()).toBe(51);
    await page.goto(at('/r?tag=team%3Dteam-7&kind=user'));
    await row('person-2457').waitFor();
    await page.goto(at('/r'));
    await page.getByLabel('Search').fill('person-99000');
    await row('person-1').waitFor({ state: 'detached' });
    expect(await page.getByRole('row').count()).toBe(2);
    expect(await axeFindings(page, 'resources-many')).toEqual([]);
    await page.getByRole('link', { name: 'person-99000' }).click();
    await heading('person-99000').waitFor();
    await page.getByRole('row', { name: 'userName person-99000' }).waitFor();
    expect(path()).toBe('/r/usr_00000000000000000000099000');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('person-4242');
    await page.getByRole('option', { name: 'person-42420 user of default' }).waitFor();
    await page.keyboard.press('Escape');
  });
}
