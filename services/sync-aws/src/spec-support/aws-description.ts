import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseXML } from '@aws-sdk/xml-builder';
import { pythonTools, type Exchange } from '@wami/testing';

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly error?: { readonly code: string };
}
interface Operation {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: readonly { readonly shape: string }[];
}
interface Model {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** By API version, as a request names it. */
const SERVICES: Readonly<Record<string, string>> = { '2010-05-08': 'iam', '2011-06-15': 'sts' };

/** What every operation may be refused with (IAM API reference, "Common Errors"). */
const COMMON = ['AccessDenied', 'ExpiredToken', 'InternalFailure', 'InvalidClientTokenId', 'RequestExpired', 'ServiceUnavailable', 'SignatureDoesNotMatch', 'Throttling', 'ValidationError'];

/** What the service answers beyond its model: `Scope ARN: ... does not exist or is not attachable`, of a permissions boundary that is not there. */
const BEYOND = ['CreateRole NoSuchEntity'];

/** AWS's machine-readable description of its APIs, as botocore ships it, which comes with moto. */
export class AwsDescription {
  /** Operations that were asked for and are described. */
  readonly operations = new Set<string>();

  private constructor(private readonly models: ReadonlyMap<string, Model>) {}

  static async load(): Promise<AwsDescription> {
    const lib = join(await pythonTools(), '..', 'lib');
    const data = join(lib, readdirSync(lib).find((folder) => folder.startsWith('python')) ?? '', 'site-packages', 'botocore', 'data');
    return new AwsDescription(new Map(Object.entries(SERVICES).map(([version, service]) =>
      [version, JSON.parse(gunzipSync(readFileSync(join(data, service, version, 'service-2.json.gz'))).toString('utf8')) as Model])));
  }

  /** What of a request is not as described. */
  request({ request }: Exchange): readonly string[] {
    const asked = new URLSearchParams(request);
    const [action, version] = [asked.get('Action') ?? '', asked.get('Version') ?? ''];
    const model = this.models.get(version);
    const operation = model?.operations[action];
    if (!model || !operation) return [`there is no ${action} of ${version}`];
    this.operations.add(action);
    const given = nested([...asked].filter(([name]) => name !== 'Action' && name !== 'Version'));
    return faultsOf(model, operation.input?.shape, given, action);
  }

  /** What of the answer to it is not as described. */
  answer({ request, status, answer }: Exchange): readonly string[] {
    const asked = new URLSearchParams(request);
    const [action, model] = [asked.get('Action') ?? '', this.models.get(asked.get('Version') ?? '')];
    const operation = model?.operations[action];
    if (!model || !operation) return [];
    const document = parseXML(answer) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    return status < 300 ? faultsOfResult(model, operation, action, document) : faultsOfRefusal(model, operation, action, document);
  }
}

function faultsOfResult(model: Model, { output }: Operation, action: string, document: Readonly<Record<string, Readonly<Record<string, unknown>>>>): readonly string[] {
  const { [`${action}Response`]: response } = document;
  if (!response) return [`${action}: no ${action}Response`];
  const metadata = response['ResponseMetadata'] as { readonly RequestId?: string } | undefined;
  const faults = metadata?.RequestId ? [] : [`${action}: no RequestId`];
  return output?.resultWrapper === undefined ? faults : [...faults, ...faultsOf(model, output.shape, response[output.resultWrapper] ?? {}, action)];
}

function faultsOfRefusal({ shapes }: Model, { errors = [] }: Operation, action: string, document: Readonly<Record<string, Readonly<Record<string, unknown>>>>): readonly string[] {
  const { Code: code, Message: message } = (document['ErrorResponse']?.['Error'] ?? {}) as { readonly Code?: string; readonly Message?: string };
  if (code === undefined || message === undefined) return [`${action}: a refusal without code or message`];
  return [...COMMON, ...errors.map(({ shape }) => shapes[shape]?.error?.code)].includes(code) || BEYOND.includes(`${action} ${code}`) ? [] : [`${action}: ${code} is none of its errors`];
}

/** `Tags.member.1.Key=x` as objects and lists. */
function nested(entries: readonly (readonly [string, string])[]): Readonly<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const path = name.split('.');
    let at = root;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[path.at(-1) ?? ''] = value;
  }
  return root;
}

function faultsOf(model: Model, name: string | undefined, value: unknown, at: string): readonly string[] {
  const shape = model.shapes[name ?? ''];
  if (!shape) return isEmpty(value) ? [] : [`${at}: takes nothing`];
  switch (shape.type) {
    case 'structure': return faultsOfStructure(model, shape, value, at);
    case 'list': return faultsOfList(model, shape, value, at);
    default: return typeof value === 'string' ? faultsOfText(shape, value, at) : [`${at}: no ${shape.type}`];
  }
}

function faultsOfStructure(model: Model, { members = {}, required = [] }: Shape, value: unknown, at: string): readonly string[] {
  const given = isEmpty(value) ? {} : value as Readonly<Record<string, unknown>>;
  const missing = required.filter((member) => given[member] === undefined).map((member) => `${at}: ${member} is missing`);
  return [...missing, ...Object.entries(given).flatMap(([member, part]) => {
    const of = members[member];
    return of ? faultsOf(model, of.shape, part, `${at}.${member}`) : [`${at}: ${member} is not known`];
  })];
}

function faultsOfList(model: Model, { member, max = Infinity }: Shape, value: unknown, at: string): readonly string[] {
  if (isEmpty(value)) return [];
  const { member: items, ...others } = value as { readonly member?: unknown };
  if (Object.keys(others).length > 0) return [`${at}: a list of ${Object.keys(others).join(', ')}`];
  // In a request they are numbered; in an answer one of them alone is no list.
  const isNumbered = typeof items === 'object' && items !== null && !Array.isArray(items) && Object.keys(items).every((key) => /^\d+$/.test(key));
  const all: readonly unknown[] = Array.isArray(items) ? items : isNumbered ? Object.values(items) : [items];
  return [...(all.length > max ? [`${at}: more than ${max}`] : []), ...all.flatMap((item, i) => faultsOf(model, member?.shape, item, `${at}[${i}]`))];
}

function faultsOfText({ type, enum: values, pattern, min = -Infinity, max = Infinity }: Shape, value: string, at: string): readonly string[] {
  if (type === 'boolean') return value === 'true' || value === 'false' ? [] : [`${at}: no boolean`];
  if (type === 'timestamp') return Number.isNaN(Date.parse(value)) ? [`${at}: no time`] : [];
  if (type === 'integer') return Number.isInteger(Number(value)) && Number(value) >= min && Number(value) <= max ? [] : [`${at}: ${value} is not from ${min} to ${max}`];
  if (type !== 'string') return [];
  if (values) return values.includes(value) ? [] : [`${at}: ${value} is none of ${values.join(', ')}`];
  if (value.length < min || value.length > max) return [`${at}: ${value.length} characters, not ${min} to ${max}`];
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, 'su').test(value) ? [] : [`${at}: not of the form ${pattern}`];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
