import type { Fields } from '../azure-state';
import { badRequest, unsupportedQuery } from '../errors';
import { hasProperty } from './entity-types';
import type { EntityType } from './entity-types';

export type Predicate = (fields: Fields) => boolean;
type Literal = string | boolean | number | null;

const TOKEN = /\s*('(?:[^']|'')*'|[(),:]|[\w.\-/+]+)/y;
const COMPARISONS = ['eq', 'ne', 'ge', 'le', 'gt', 'lt', 'in'];
/** These are answered only to who says `ConsistencyLevel: eventual` and `$count=true` (Advanced query capabilities). */
const ADVANCED = ['ne', 'not', 'endswith'];

/** Reads a $filter: comparisons, startsWith, endsWith, `in`, `any` over a list, with `and`, `or`, `not` and parentheses. Texts are compared whatever their case, as Entra does. */
export function parseFilter(text: string, entity: EntityType, advanced: boolean): Predicate {
  return new FilterParser(tokenize(text), entity, advanced).whole();
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw badRequest('Invalid filter clause: Syntax error.');
    tokens.push(token);
  }
  return tokens;
}

class FilterParser {
  private next = 0;

  constructor(private readonly tokens: readonly string[], private readonly entity: EntityType, private readonly advanced: boolean) {}

  whole(): Predicate {
    const predicate = this.either();
    if (this.next < this.tokens.length) throw syntaxError(this.tokens[this.next]);
    return predicate;
  }

  private either(): Predicate {
    const parts = [this.both()];
    while (this.take('or')) parts.push(this.both());
    return (fields) => parts.some((part) => part(fields));
  }

  private both(): Predicate {
    const parts = [this.single()];
    while (this.take('and')) parts.push(this.single());
    return (fields) => parts.every((part) => part(fields));
  }

  private single(): Predicate {
    if (this.take('not')) {
      this.requireAdvanced('not');
      const inner = this.single();
      return (fields) => !inner(fields);
    }
    if (this.take('(')) {
      const inner = this.either();
      this.expect(')');
      return inner;
    }
    const word = this.pop();
    if (/^(startswith|endswith)$/i.test(word) && this.take('(')) return this.affix(word.toLowerCase());
    if (word.endsWith('/any') && this.take('(')) return this.any(word.slice(0, -'/any'.length));
    return this.comparison(this.property(word));
  }

  private affix(name: string): Predicate {
    this.requireAdvanced(name);
    const property = this.property(this.pop());
    this.expect(',');
    const affix = String(literal(this.pop())).toLowerCase();
    this.expect(')');
    return (fields) => {
      const value = valueAt(fields, property);
      return typeof value === 'string' && (name === 'startswith' ? value.toLowerCase().startsWith(affix) : value.toLowerCase().endsWith(affix));
    };
  }

  /** `tags/any(t:t eq 'x')` */
  private any(word: string): Predicate {
    const property = this.property(word);
    const variable = this.pop();
    this.expect(':');
    if (this.pop() !== variable) throw syntaxError(variable);
    const matches = this.comparator();
    this.expect(')');
    return (fields) => {
      const value = valueAt(fields, property);
      return Array.isArray(value) && value.some(matches);
    };
  }

  private comparison(property: string): Predicate {
    const matches = this.comparator();
    return (fields) => matches(valueAt(fields, property));
  }

  private comparator(): (value: unknown) => boolean {
    const operator = this.pop();
    if (!COMPARISONS.includes(operator)) throw syntaxError(operator);
    this.requireAdvanced(operator);
    if (operator === 'in') {
      const choices = this.choices();
      return (value) => choices.some((choice) => same(value, choice));
    }
    const wanted = literal(this.pop());
    switch (operator) {
      case 'eq': return (value) => same(value, wanted);
      case 'ne': return (value) => !same(value, wanted);
      case 'ge': return (value) => compared(value, wanted, (order) => order >= 0);
      case 'gt': return (value) => compared(value, wanted, (order) => order > 0);
      case 'le': return (value) => compared(value, wanted, (order) => order <= 0);
      default: return (value) => compared(value, wanted, (order) => order < 0);
    }
  }

  private choices(): readonly Literal[] {
    this.expect('(');
    const choices = [literal(this.pop())];
    while (this.take(',')) choices.push(literal(this.pop()));
    this.expect(')');
    return choices;
  }

  private property(word: string): string {
    const [name = ''] = word.split('/');
    if (!hasProperty(this.entity, name)) throw badRequest(`Invalid filter clause: Could not find a property named '${name}' on type 'microsoft.graph.${this.entity.type}'.`);
    return word;
  }

  private requireAdvanced(operator: string): void {
    if (!this.advanced && ADVANCED.includes(operator)) throw unsupportedQuery(`Unsupported Query: '${operator}' needs the header ConsistencyLevel: eventual and $count=true.`);
  }

  private take(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw syntaxError(this.tokens[this.next]);
  }

  private pop(): string {
    const token = this.tokens[this.next];
    if (token === undefined) throw syntaxError(undefined);
    this.next += 1;
    return token;
  }
}

const syntaxError = (token: string | undefined): Error => badRequest(`Invalid filter clause: Syntax error near '${token ?? 'the end'}'.`);

function literal(token: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  if (/^-?\d+$/.test(token)) return Number(token);
  // A time or a GUID, which OData writes without quotes.
  if (/^[\da-f][\da-fTZ:.+-]*$/i.test(token)) return token;
  throw syntaxError(token);
}

const valueAt = (fields: Fields, path: string): unknown =>
  path.split('/').reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Fields)[name] : undefined), fields) ?? null;

const same = (value: unknown, wanted: Literal): boolean =>
  (typeof value === 'string' && typeof wanted === 'string' ? value.toLowerCase() === wanted.toLowerCase() : value === wanted);

function compared(value: unknown, wanted: Literal, holds: (order: number) => boolean): boolean {
  if (typeof value !== 'string' || typeof wanted !== 'string') return false;
  const [left, right] = [value.toLowerCase(), wanted.toLowerCase()];
  return holds(left < right ? -1 : Number(left > right));
}
