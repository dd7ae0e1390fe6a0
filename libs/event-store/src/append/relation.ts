/** How many rows a relation of a statement has; each has a text of its own. */
export type Cardinality = 'none' | 'one' | 'many';

export function cardinality(rows: number): Cardinality {
  return rows === 0 ? 'none' : rows === 1 ? 'one' : 'many';
}

/** `jsonb` values are given as JSON text. */
type SqlType = 'text' | 'integer' | 'smallint' | 'boolean' | 'jsonb';
type Value = string | number | boolean;

/** Rows that are handed to a statement: scalars where there is one, a column at a time (`unnest`) where there are many. */
export class Relation<Row> {
  private readonly columns: readonly { readonly name: string; readonly type: SqlType; readonly value: (row: Row) => Value }[];

  constructor(columns: Readonly<Record<string, readonly [type: SqlType, value: (row: Row) => Value]>>) {
    this.columns = Object.entries(columns).map(([name, [type, value]]) => ({ name, type, value }));
  }

  get width(): number {
    return this.columns.length;
  }

  /** For a FROM clause, with parameters from `$first` on. A jsonb column of many rows is of type json. */
  text(alias: string, rows: Exclude<Cardinality, 'none'>, first: number): string {
    if (rows === 'one') return `(SELECT ${this.columns.map(({ name, type }, i) => `$${first + i}::${type} AS ${name}`).join(', ')}) AS ${alias}`;
    // One JSON document for a whole column: an array of them would be escaped by us and unescaped by PostgreSQL. As json, because
    // cutting up a jsonb costs more than turning the pieces into jsonb where they are stored.
    const sets = this.columns.map(({ type }, i) => (type === 'jsonb' ? `json_array_elements($${first + i}::json)` : `unnest($${first + i}::${type}[])`));
    return `ROWS FROM (${sets.join(', ')}) AS ${alias} (${this.columns.map(({ name }) => name).join(', ')})`;
  }

  /** SQL for the number of rows; the first column is never JSON. */
  count(rows: Cardinality, first: number): string {
    return rows === 'many' ? `cardinality($${first}::${this.columns[0]?.type}[])` : rows === 'one' ? '1' : '0';
  }

  values(rows: readonly Row[]): Value[] {
    const only = rows[0];
    if (only === undefined) return [];
    if (rows.length === 1) return this.columns.map(({ value }) => value(only));
    return this.columns.map(({ type, value }) => columnText(type, rows.map(value)));
  }
}

function columnText(type: SqlType, values: readonly Value[]): string {
  if (type === 'jsonb') return `[${values.join(',')}]`;
  if (type !== 'text') return `{${values.join(',')}}`;
  // Ids hold nothing to escape: one look at the whole column instead of one at each value.
  const plain = !/[\\"]/.test(values.join(''));
  return plain ? `{"${values.join('","')}"}` : `{${values.map((value) => `"${String(value).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}
