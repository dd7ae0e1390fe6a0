/** Conditions of a query with their values; text never becomes part of the statement. */
export class Where {
  private readonly conditions: string[] = [];

  /** `values`: those of the statement that these conditions become part of. */
  constructor(readonly values: unknown[] = []) {}

  /** Remembers a value; its placeholder comes back. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  and(condition: string): this {
    this.conditions.push(condition);
    return this;
  }

  /** Nothing is asked where the value is undefined. */
  equals(column: string, value: string | undefined): this {
    return value === undefined ? this : this.and(`${column} = ${this.value(value)}`);
  }

  /** A text that begins so; the column compares by bytes, so this is a range of an index. */
  begins(column: string, prefix: string | undefined): this {
    return prefix === undefined || prefix === '' ? this : this.and(beginsWith(this, column, prefix));
  }

  get sql(): string {
    return this.conditions.length === 0 ? 'true' : this.conditions.join(' AND ');
  }
}

const LAST_CHARACTER = '\u{10FFFF}';

export const beginsWith = (where: Where, column: string, prefix: string): string =>
  `(${column} >= ${where.value(prefix)} AND ${column} < ${where.value(prefix + LAST_CHARACTER)})`;
