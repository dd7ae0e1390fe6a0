import type { AwsError } from './errors';
import { renderXml } from './xml';
import type { XmlRecord } from './xml';

export type Service = 'iam' | 'sts';
export const API_VERSIONS: Readonly<Record<Service, string>> = { iam: '2010-05-08', sts: '2011-06-15' };

const namespaceOf = (service: Service): string => `https://${service}.amazonaws.com/doc/${API_VERSIONS[service]}/`;

/** Parameters of a Query request: `Name=`, `Names.member.1=`, `Records.member.1.Field=`. */
export class QueryParams {
  constructor(private readonly values: URLSearchParams) {}

  get(name: string): string | undefined {
    return this.values.get(name) ?? undefined;
  }

  /** Members of a list in the order of their numbers; empty when there is none. */
  list(name: string): readonly string[] {
    return this.records(name).map((fields) => fields[''] ?? '');
  }

  /** Members of a list of structures; a plain member has its value under the empty field name. */
  records(name: string): readonly Readonly<Record<string, string>>[] {
    const members = new Map<number, Record<string, string>>();
    const prefix = `${name}.member.`;
    for (const [key, value] of this.values) {
      const position = key.startsWith(prefix) ? /^(\d{1,6})(?:\.(.+))?$/.exec(key.slice(prefix.length)) : null;
      if (position === null) continue;
      const index = Number(position[1]);
      members.set(index, { ...members.get(index), [position[2] ?? '']: value });
    }
    return [...members].sort(([left], [right]) => left - right).map(([, fields]) => fields);
  }
}

export function renderResult(service: Service, action: string, result: XmlRecord | undefined, requestId: string): string {
  const body = { ...(result === undefined ? {} : { [`${action}Result`]: result }), ResponseMetadata: { RequestId: requestId } };
  return renderXml(`${action}Response`, body, namespaceOf(service));
}

export function renderError(service: Service, error: AwsError, requestId: string): string {
  const body = { Error: { Type: error.type, Code: error.code, Message: error.message }, RequestId: requestId };
  return renderXml('ErrorResponse', body, namespaceOf(service));
}
