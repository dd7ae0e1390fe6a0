import { Query, type Pool, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import { isKnownFailure, withoutRowContents } from '../errors';
import { REQUEST_ROLE } from './request-role';

/** The range of paths, as `path/`, that a tenant and everything below it lies in. '0' follows '/'. */
const rangeOf = (tenant: string): readonly [from: string, to: string] => [`${tenant}/`, `${tenant}0`];

/** Never a row, so that it leaves nothing in the answer of what follows it. */
const ENTER = `SELECT 1 WHERE set_config('role', '${REQUEST_ROLE}', true) IS NULL OR set_config('wami.from', $1, true) IS NULL OR set_config('wami.to', $2, true) IS NULL`;
const ENTER_NAME = 'wami_enter_scope';

/** What is used of the driver's connection and query beyond their published types; `scoped-query.int.spec.ts` fails where another release lacks it. */
interface Wire {
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly portal: string; readonly statement: string; readonly values: readonly string[] }): void;
  execute(message: { readonly portal: string }): void;
}
interface Internals {
  name: string | undefined;
  prepare(wire: Wire): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}

const entered = new WeakSet<Wire>();

/**
 * One statement as the role of requests, within a tenant: both are set in the statement's own transaction, sent in the same flight and gone
 * with it, so it costs no journey and the connection keeps nothing.
 */
export async function scopedQuery<Row extends QueryResultRow>(pool: Pool, tenant: string, statement: QueryConfig): Promise<QueryResult<Row>> {
  const client = await pool.connect();
  let broken = true;
  try {
    const result = await new Promise<QueryResult<Row>>((resolve, reject) => send(client, tenant, statement, (error, answer) => {
      if (error) reject(error);
      else resolve(answer as unknown as QueryResult<Row>);
    }));
    broken = false;
    return result;
  } catch (error) {
    broken = !isKnownFailure(error);
    throw withoutRowContents(error);
  } finally {
    client.release(broken);
  }
}

function send(client: PoolClient, tenant: string, statement: QueryConfig, done: (error: Error | undefined, answer: unknown) => void): void {
  const query = new Query({ ...statement, queryMode: 'extended' } as QueryConfig, done);
  const inner = query as unknown as Internals;
  const { prepare, handleCommandComplete } = inner;
  const { name } = inner;
  inner.prepare = (wire) => {
    enter(wire, rangeOf(tenant));
    prepare.call(inner, wire);
    // What is answered until the scope is entered is not about this statement: the driver must not take it for prepared.
    inner.name = undefined;
  };
  inner.handleCommandComplete = () => {
    inner.name = name;
    inner.handleCommandComplete = handleCommandComplete;
  };
  client.query(query);
}

function enter(wire: Wire, range: readonly [string, string]): void {
  if (!entered.has(wire)) {
    wire.parse({ name: ENTER_NAME, text: ENTER });
    entered.add(wire);
  }
  wire.bind({ portal: '', statement: ENTER_NAME, values: range });
  wire.execute({ portal: '' });
}
