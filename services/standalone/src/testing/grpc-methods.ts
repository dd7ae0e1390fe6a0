import { loadProtos } from '@wami/testing';
import { Service, type Method, type NamespaceBase } from 'protobufjs';

/** One method of `wami.v1` and the HTTP route that its `google.api.http` rule names. */
export interface MethodRule {
  /** `Users.CreateUser` */
  readonly name: string;
  readonly method: Method;
  readonly verb?: string;
  readonly path?: string;
  readonly body?: string;
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete'];

export function methodRules(): MethodRule[] {
  const wami = loadProtos().lookup('wami.v1') as NamespaceBase;
  return wami.nestedArray.filter((one): one is Service => one instanceof Service).flatMap((service) => service.methodsArray.map((method) => {
    const option = (method.parsedOptions as readonly Readonly<Record<string, unknown>>[] | null ?? []).find((one) => '(google.api.http)' in one);
    const rule = (option?.['(google.api.http)'] ?? {}) as Readonly<Record<string, string>>;
    const verb = VERBS.find((one) => one in rule);
    const { body } = rule;
    return { name: `${service.name}.${method.name}`, method, ...(verb === undefined ? {} : { verb: verb.toUpperCase(), path: rule[verb] as string }), ...(body === undefined ? {} : { body }) };
  }));
}

/** Whether the route of HTTP (`/v1/users/{id}`) is one that the rule names (`/v1/{owner_collection}/{owner_id}`). */
export function fits({ verb, path = '' }: MethodRule, method: string, route: string): boolean {
  const pattern = path.replaceAll(/\{\w+\}/g, '[^/]+');
  return verb === method && new RegExp(`^${pattern}$`).test(route);
}

