import type { Pool, PoolClient } from 'pg';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The pool, with what is asked of it directly and within the scope of a request; not what its clients do in transactions. */
export function recorded(pool: Pool): { readonly pool: Pool; readonly statements: Statement[] } {
  const statements: Statement[] = [];
  const query = (...parts: unknown[]): unknown => {
    const [text, values = []] = parts as [unknown, (readonly unknown[])?];
    if (typeof text === 'string') statements.push({ text, values });
    else if (typeof text === 'object' && text !== null) statements.push(text as Statement);
    return (pool.query as (...given: unknown[]) => unknown).apply(pool, parts);
  };
  const noteScoped = (client: PoolClient): PoolClient => new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...parts: unknown[]): unknown => {
        const [first] = parts;
        if (name === 'query' && typeof first === 'object' && first !== null && 'submit' in first) statements.push(first as unknown as Statement);
        return (value as (...given: unknown[]) => unknown).apply(target, parts);
      };
    },
  });
  const connect = async (): Promise<PoolClient> => noteScoped(await pool.connect());
  const watched = new Proxy(pool, {
    get: (target, name) => {
      if (name === 'query') return query;
      if (name === 'connect') return connect;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...parts: unknown[]) => unknown).bind(target) : value;
    },
  });
  return { pool: watched, statements };
}
