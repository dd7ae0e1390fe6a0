/** A route as the router holds it: `/v1/users/:id`. */
export interface ProbedRoute {
  readonly method: string;
  readonly path: string;
}

/** Fastify, to the part that is asked. */
export interface RoutePrinter {
  printRoutes(): string;
}

/** Every route that the router knows, whoever registered it: read from its own printed tree. Call it when the application listens. */
export function routesOf(router: RoutePrinter): ProbedRoute[] {
  const routes: ProbedRoute[] = [];
  const parts: string[] = [];
  for (const line of router.printRoutes().split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (!match) continue;
    const [, indent = '', part = '', methods] = match;
    const depth = indent.length / 4;
    parts.splice(depth, parts.length, part);
    for (const method of methods?.split(', ') ?? []) routes.push({ method, path: parts.join('') });
  }
  return routes;
}
