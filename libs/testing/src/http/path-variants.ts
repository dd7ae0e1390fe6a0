export interface PathVariant {
  readonly name: string;
  /** As it stands in the request line. */
  readonly target: string;
}

const DUMMY = 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';

/** A path that fits the template, with an id that nobody has. */
export function examplePath(template: string): string {
  return template.replaceAll(/:[A-Za-z]+/g, DUMMY).replace(/\*$/, 'x');
}

/** Forms of one path that a proxy, a router and a guard may read differently. */
export function pathVariants(template: string, origin: string): PathVariant[] {
  const path = examplePath(template);
  const segments = path.split('/').slice(1);
  const first = segments[0] ?? '';
  const rest = segments.slice(1).map((segment) => `/${segment}`).join('');
  return [
    { name: 'plain', target: path },
    { name: 'trailing slash', target: `${path}/` },
    { name: 'two trailing slashes', target: `${path}//` },
    { name: 'leading double slash', target: `/${path}` },
    { name: 'inner double slash', target: `/${first}/${rest}` },
    { name: 'matrix parameter at the end', target: `${path};x` },
    { name: 'matrix parameter inside', target: `/${first};x=1${rest}` },
    { name: 'encoded slash inside', target: `/${first}${rest.replace('/', '%2f')}` },
    { name: 'encoded slash at the end', target: `${path}%2F` },
    { name: 'doubly encoded slash', target: `/${first}${rest.replace('/', '%252f')}` },
    { name: 'upper case', target: path.toUpperCase() },
    { name: 'encoded letter', target: `/%${(first.charCodeAt(0) || 47).toString(16)}${first.slice(1)}${rest}` },
    { name: 'dot segment', target: `/.${path}` },
    { name: 'parent segment', target: `/health/..${path}` },
    { name: 'encoded parent segment', target: `/health/%2e%2e${path}` },
    { name: 'backslash', target: path.replaceAll('/', '\\') },
    { name: 'encoded NUL', target: `${path}%00` },
    { name: 'encoded blank', target: `${path}%20` },
    { name: 'suffix', target: `${path}.json` },
    { name: 'empty query', target: `${path}?` },
    { name: 'token in the query', target: `${path}?access_token=x&token=x` },
    { name: 'fragment', target: `${path}#x` },
    { name: 'absolute form', target: `${origin}${path}` },
    { name: 'absolute form of another host', target: `http://localhost${path}` },
    { name: 'absolute form with a user', target: `${origin.replace('://', '://admin:admin@')}${path}` },
  ];
}
