/** A PostgreSQL schema name in quotes. Only plain names are taken, so that it can stand in SQL text. @throws RangeError */
export function quoteIdentifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new RangeError(`schema name ${JSON.stringify(name)}: only a-z, 0-9 and _ are taken`);
  return `"${name}"`;
}
