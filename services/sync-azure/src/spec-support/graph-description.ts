import { readJson } from './fidelity';

interface Property {
  readonly name: string;
  readonly type: string;
}
interface StructuredType {
  readonly base?: string;
  readonly properties: readonly Property[];
  readonly navigation?: readonly Property[];
}
interface Action {
  readonly name: string;
  readonly boundTo: string;
  readonly parameters: readonly Property[];
  readonly returns?: string;
}
interface Csdl {
  readonly entityTypes: Readonly<Record<string, StructuredType>>;
  readonly complexTypes: Readonly<Record<string, StructuredType>>;
  readonly entitySets: Readonly<Record<string, { readonly type: string }>>;
  readonly actions: readonly Action[];
}

const SIMPLE: Readonly<Record<string, string>> = { 'Edm.String': 'string', 'Edm.Boolean': 'boolean', 'Edm.Guid': 'string', 'Edm.DateTimeOffset': 'string', 'Edm.Int32': 'number' };
const bare = (type: string): string => type.replace(/^Collection\((.*)\)$/, '$1').replace(/^graph\./, '');

/** What Microsoft's own metadata of Graph says of requests and answers. */
export class GraphDescription {
  private readonly csdl = readJson('api/microsoft-graph/graph.v1.0.directory.csdl.json') as Csdl;

  /** What a request does against it: nothing where it is as described. */
  faultsOfRequest(method: string, path: string, query: URLSearchParams, body: unknown): string[] {
    const { type, action, reference, faults } = this.resolve(path.split('/').filter((part) => part !== ''));
    if (action !== undefined) return this.faultsOfCall(action, body);
    if (type === undefined) return faults;
    if (type === 'directoryObject') return faults;
    const named = [...(query.get('$select')?.split(',') ?? []), ...this.filtered(query.get('$filter') ?? '')];
    const expanded = (query.get('$expand')?.split(',') ?? []).filter((name) => this.navigation(type, name) === undefined).map((name) => `${type} leads to no ${name}`);
    const unknown = [...expanded, ...named.filter((name) => this.property(type, name) === undefined).map((name) => `${type} has no ${name}`)];
    if (method === 'GET' || method === 'DELETE' || reference) return [...faults, ...unknown];
    return [...faults, ...unknown, ...this.faultsOf(type, body, `request of ${path}`)];
  }

  /** What of an object is not as its type says. Annotations are the protocol's; what an answer holds beyond the description is older or newer. */
  faultsOf(type: string, value: unknown, at: string): string[] {
    if (typeof value !== 'object' || value === null) return [`${at}: no object`];
    return Object.entries(value).flatMap(([name, part]) => {
      if (name.includes('@') || name === 'value') return [];
      const property = this.property(type, name);
      const along = property === undefined ? this.navigation(type, name) : undefined;
      if (along && Array.isArray(part)) return part.flatMap((item) => this.faultsOf(bare(along.type), item, `${at}.${name}`));
      if (property === undefined) return at.startsWith('request') ? [`${at}: ${type} has no ${name}`] : [];
      return this.faultsOfPart(property.type, part, `${at}.${name}`);
    });
  }

  typeOf(path: string): string | undefined {
    const { type, action } = this.resolve(path.split('/').filter((part) => part !== ''));
    return action === undefined ? type : bare(action.returns ?? 'graph.directoryObject');
  }

  private faultsOfCall({ name, parameters }: Action, body: unknown): string[] {
    return Object.entries(body as object).flatMap(([key, value]) => {
      const parameter = parameters.find((one) => one.name === key);
      return parameter === undefined ? [`request of ${name}: no parameter ${key}`] : this.faultsOfPart(parameter.type, value, `request of ${name}.${key}`);
    });
  }

  private faultsOfPart(type: string, value: unknown, at: string): string[] {
    if (value === null) return [];
    if (type.startsWith('Collection(')) return Array.isArray(value) ? value.flatMap((item) => this.faultsOfPart(bare(type), item, at)) : [`${at}: no list`];
    const simple = SIMPLE[type];
    if (simple !== undefined) return typeof value === simple ? [] : [`${at}: ${typeof value} where it is ${type}`];
    return bare(type) in this.csdl.complexTypes ? this.faultsOf(bare(type), value, at) : [];
  }

  /** Follows a path from its entity set: what it leads to. */
  private resolve([set = '', ...rest]: readonly string[]): { readonly type?: string; readonly action?: Action; readonly reference?: boolean; readonly faults: string[] } {
    if (set === 'directory') return { type: (rest[1] ?? '').startsWith('microsoft.graph.') ? (rest[1] ?? '').slice('microsoft.graph.'.length) : 'directoryObject', reference: true, faults: rest[0] === 'deletedItems' ? [] : [`no ${rest[0]}`] };
    const start = this.csdl.entitySets[set];
    if (start === undefined) return { faults: [`there is no entity set ${set}`] };
    let type = bare(start.type);
    for (const [index, part] of rest.entries()) {
      if (part === '$ref') return { type, reference: true, faults: [] };
      if (index % 2 === 0) continue;
      const action = this.csdl.actions.find(({ name, boundTo }) => name === part && bare(boundTo) === type);
      if (action !== undefined) return { action, faults: [] };
      const next = this.navigation(type, part);
      if (next === undefined) return { faults: [`${type} leads to no ${part}`] };
      type = bare(next.type);
    }
    return { type, faults: [] };
  }

  private filtered(filter: string): string[] {
    return [...filter.replace(/'[^']*'/g, '').matchAll(/([A-Za-z]\w*) (?:eq|in) /g)].map(([, name = '']) => name);
  }

  private property(type: string, name: string): Property | undefined {
    const of = this.csdl.entityTypes[type] ?? this.csdl.complexTypes[type];
    return of?.properties.find((one) => one.name === name) ?? (of?.base === undefined ? undefined : this.property(bare(of.base), name));
  }

  private navigation(type: string, name: string): Property | undefined {
    const of = this.csdl.entityTypes[type];
    return of?.navigation?.find((one) => one.name === name) ?? (of?.base === undefined ? undefined : this.navigation(bare(of.base), name));
  }
}
