/** Where an operation of a REST API is called: `{name}` stands for one segment of the path, `{name+}` for one or more. */
export interface Place {
  readonly method: string;
  readonly template: string;
}
export interface Route<Operation> {
  readonly name: string;
  readonly operation: Operation;
  /** What stands in the places of the template, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

/** Finds operations by method and path. Of several that fit, the one with the longest template is meant: a verb before a name that may hold a colon. */
export class Router<Operation extends Place> {
  private readonly entries: readonly { readonly name: string; readonly operation: Operation; readonly pattern: RegExp }[];

  constructor(operations: Readonly<Record<string, Operation>>, flags: '' | 'i' = '') {
    this.entries = Object.entries(operations)
      .map(([name, operation]) => ({ name, operation, pattern: patternOf(operation.template, flags) }))
      .sort((left, right) => right.operation.template.length - left.operation.template.length);
  }

  find(method: string, pathname: string): Route<Operation> | undefined {
    for (const { name, operation, pattern } of this.entries) {
      const groups = operation.method === method ? pattern.exec(pathname)?.groups : undefined;
      if (groups !== undefined || (operation.method === method && pattern.test(pathname))) return { name, operation, path: decoded(groups ?? {}) };
    }
    return undefined;
  }
}

function patternOf(template: string, flags: string): RegExp {
  const escaped = template.replace(/[.$()]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)').replace(/\{(\w+)\+\}/g, '(?<$1>.+)')}$`, flags);
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([key, value]) => [key, decode(value)]));
}

/** A broken escape stays as it is: nothing has such a name. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
