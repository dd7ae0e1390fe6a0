import { DatabaseError, type Pool } from 'pg';

/** Whom requests read as. It owns nothing, so row-level security binds it. Workers are the owner of the tables and pass. */
export const REQUEST_ROLE = 'wami_request';

/** The role of requests is not there, or this user may not become it. The message is one line and names the remedy. */
export class RequestRoleMissing extends Error {
  readonly code = 'RequestRoleMissing';

  constructor(user: string) {
    super(`the database user ${user} may neither make nor become the role ${REQUEST_ROLE}, as which requests read: as a superuser run once `
      + `CREATE ROLE ${REQUEST_ROLE} NOLOGIN; GRANT ${REQUEST_ROLE} TO "${user.replaceAll('"', '""')}";`);
  }
}

const DENIED = '42501';
const UNKNOWN_ROLE = '22023';
/** Another replica or database was faster: the role is of the whole cluster. */
const MADE_MEANWHILE = ['42710', '23505', 'XX000'];
const ATTEMPTS = 3;

/** Makes the role where it is missing and the user may. @throws RequestRoleMissing */
export async function ensureRequestRole(pool: Pool): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (await mayBecome(pool)) return;
    const made = await tried(pool, `DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${REQUEST_ROLE}') THEN CREATE ROLE ${REQUEST_ROLE} NOLOGIN; END IF;
      EXECUTE 'GRANT ${REQUEST_ROLE} TO ' || quote_ident(current_user);
    END $$`);
    if (!made || attempt >= ATTEMPTS) throw new RequestRoleMissing(await userOf(pool));
  }
}

function mayBecome(pool: Pool): Promise<boolean> {
  // One implicit transaction: nothing stays on the connection.
  return tried(pool, `BEGIN; SET LOCAL ROLE ${REQUEST_ROLE}; COMMIT`);
}

/** False where the user may not. */
async function tried(pool: Pool, sql: string): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query(sql);
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    if (!(error instanceof DatabaseError)) throw error;
    if (error.code === DENIED || error.code === UNKNOWN_ROLE) return false;
    if (MADE_MEANWHILE.includes(error.code ?? '')) return true;
    throw error;
  } finally {
    client.release();
  }
}

async function userOf(pool: Pool): Promise<string> {
  const { rows: [row] } = await pool.query<{ user: string }>('SELECT current_user AS "user"');
  return row?.user ?? '';
}
