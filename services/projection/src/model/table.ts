import { inScope, secureTable } from '@wami/event-store';

/** Values that a row may hold; objects and arrays are stored as jsonb. */
export type Cell = string | number | boolean | null | object;

/** An index of a table: what stands after `USING` or directly in the brackets of `ON`. */
export interface Index {
  readonly name: string;
  readonly on: string;
}

/** A table of a read model; there is one per generation, and a view of the bare name shows the active one. */
export interface Table<Row extends object = Record<string, Cell>> {
  readonly name: string;
  /** Column name -> SQL type with its constraints. Texts compare by bytes, so that ranges of them are index ranges. */
  readonly columns: Readonly<Record<keyof Row & string, string>>;
  readonly key: readonly (keyof Row & string)[];
  readonly indexes: readonly Index[];
  /** Columns of which ranges are asked for: of so many values the planner knows how many rows each has. */
  readonly statistics?: readonly ((keyof Row & string) | typeof TENANT_RANGE)[];
  /** A row is not overwritten by one with a smaller value here. */
  readonly guard?: keyof Row & string;
  /** The column that `add` sums up, where rows are counters. */
  readonly counter?: keyof Row & string;
  /** Columns that all hold null in a row that says no more than none would. */
  readonly emptyWithout?: readonly (keyof Row & string)[];
  /** A table without tenants that requests read: whose rows they see, each where `column` is the `is` of a visible row of `table`, of the same model. */
  readonly visibleWith?: VisibleWith;
}

interface VisibleWith {
  readonly column: string;
  readonly table: string;
  readonly is: string;
}

/** Whether a row says no more than none would: a counter that came back to zero, a state that was taken back. */
export function isEmptyRow({ counter, emptyWithout }: AnyTable, row: object): boolean {
  const cells = row as Readonly<Record<string, unknown>>;
  return (counter !== undefined && cells[counter] === 0) || (emptyWithout?.every((column) => cells[column] === null) ?? false);
}

/** Any table, where its row type does not matter. */
export type AnyTable = Pick<Table, 'name' | 'indexes'> & {
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
  readonly statistics?: readonly string[];
  readonly guard?: string;
  readonly counter?: string;
  readonly emptyWithout?: readonly string[];
  readonly visibleWith?: VisibleWith;
};

export const TEXT = 'text COLLATE "C"';

/** Of each column of `statistics`; PostgreSQL's own 100 take a small tenant or a common name for one row. */
const KNOWN_VALUES = 1000;

export const physicalName = (table: AnyTable, generation: number): string => `${table.name}_g${generation}`;

export function createTableSql(schema: string, table: AnyTable, generation: number): string {
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`);
  if (ofTenants(table)) columns.push(TENANT_PATH_COLUMN);
  const name = `${schema}.${physicalName(table, generation)}`;
  const known = (table.statistics ?? []).map((column) => `ALTER COLUMN ${column} SET STATISTICS ${KNOWN_VALUES}`);
  return `CREATE TABLE ${name} (${columns.join(', ')}) WITH (fillfactor = 90)${known.length === 0 ? '' : `; ALTER TABLE ${name} ${known.join(', ')}`}`;
}

/** The primary key and the other indexes: made with the table, or after it was filled. */
export function createIndexesSql(schema: string, table: AnyTable, generation: number): readonly string[] {
  const name = physicalName(table, generation);
  return [
    `ALTER TABLE ${schema}.${name} ADD PRIMARY KEY (${table.key.join(', ')})`,
    ...table.indexes.map((index) => `CREATE INDEX ${name}_${index.name} ON ${schema}.${name} ${index.on}`),
  ];
}

/** Type of the array that carries a column's values to the database. */
export function arrayType(sqlType: string): string {
  const base = sqlType.split(' ')[0] ?? 'text';
  return base === 'jsonb' ? 'text[]' : `${base}[]`;
}

export const isJson = (sqlType: string): boolean => sqlType.startsWith('jsonb');

/** The tenant's path as one range: everything of the tenant and its children lies between `acme/` and `acme0`. */
export const TENANT_RANGE = 'tenant_path';

/** Made by the database. A column, because row-level security lets no index be used for an expression over it. */
export const TENANT_PATH_COLUMN = `${TENANT_RANGE} ${TEXT} GENERATED ALWAYS AS (tenant || '/') STORED`;

const ofTenants = (table: AnyTable): boolean => 'tenant' in table.columns;

/** Row-level security of one generation; a table that says of no tenant stays closed to requests. */
export function secureTableSql(schema: string, table: AnyTable, generation: number): string {
  const name = `${schema}.${physicalName(table, generation)}`;
  if (ofTenants(table)) return secureTable(name, inScope(TENANT_RANGE));
  const { visibleWith } = table;
  if (!visibleWith) return '';
  return secureTable(name, `EXISTS (SELECT 1 FROM ${schema}.${visibleWith.table}_g${generation} v WHERE v.${visibleWith.is} = ${visibleWith.column})`);
}
