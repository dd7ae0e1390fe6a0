import type { Pool } from 'pg';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The pool, with what is asked of it directly; not what its clients do in transactions. */
export function recorded(pool: Pool): { readonly pool: Pool; readonly statements: Statement[] } {
  const statements: Statement[] = [];
  const query = (text: unknown, values: readonly unknown[] = []): unknown => {
    if (typeof text === 'string') statements.push({ text, values });
    return (pool.query as (...parts: unknown[]) => unknown).call(pool, text, values);
  };
  const watched = new Proxy(pool, {
    get: (target, name) => {
      if (name === 'query') return query;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...parts: unknown[]) => unknown).bind(target) : value;
    },
  });
  return { pool: watched, statements };
}
