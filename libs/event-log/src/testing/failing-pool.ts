import type { Pool } from 'pg';

/** The same pool, except that statements of the caller's choice fail after all that came before them was done. */
export function failingPool(pool: Pool, fails: (sql: string) => boolean): { readonly pool: Pool; failures(): number } {
  let failures = 0;
  const query = (sql: string, values?: unknown[]): unknown => {
    if (!fails(sql)) return pool.query(sql, values);
    failures++;
    return Promise.reject(new Error('the process died here'));
  };
  return {
    pool: new Proxy(pool, { get: (target, name) => (name === 'query' ? query : bound(target, name)) }),
    failures: () => failures,
  };
}

function bound(target: Pool, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
