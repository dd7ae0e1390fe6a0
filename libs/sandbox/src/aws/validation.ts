import { invalidInput, validationError } from './errors';
import type { Tag } from './iam-state';
import type { QueryParams } from './query-protocol';

interface TextRule {
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
  /** What AWS says of a wrong character; absent: the general sentence with the pattern. */
  readonly says?: string;
}

// Limits and patterns of the IAM API 2010-05-08. Java's \w is ASCII only, as JavaScript's.
const NAME = { pattern: /^[\w+=,.@-]+$/, says: 'It must contain only alphanumeric characters and/or the following: +=,.@_-' } as const;
export const RULES = {
  userName: { min: 1, max: 64, ...NAME },
  existingUserName: { min: 1, max: 128, ...NAME },
  groupName: { min: 1, max: 128, ...NAME },
  path: {
    min: 1, max: 512, pattern: /^(\/|\/[\u0021-\u007E]+\/)$/,
    says: 'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  },
  policyName: { min: 1, max: 128, ...NAME },
  roleName: { min: 1, max: 64, ...NAME },
  roleDescription: { min: 0, max: 1_000, pattern: /^[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*$/ },
  policyPath: { min: 1, max: 512, pattern: /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/ },
  policyDescription: { min: 0, max: 1_000, pattern: /^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*$/u },
  policyDocument: { min: 1, max: 131_072, pattern: /^[\u0009\u000A\u000D\u0020-\u00FF]+$/ },
  policyVersion: { min: 1, max: 32, pattern: /^v[1-9][0-9]*$/ },
  providerUrl: { min: 1, max: 255, pattern: /^[^]*$/ },
  clientId: { min: 1, max: 255, pattern: /^[^]*$/ },
  thumbprint: { min: 40, max: 40, pattern: /^[^]*$/ },
  samlName: { min: 1, max: 128, pattern: /^[\w._-]+$/ },
  samlMetadata: { min: 1_000, max: 10_000_000, pattern: /^[^]*$/ },
  arn: { min: 20, max: 2_048, pattern: /^[^]*$/ },
  pathPrefix: { min: 1, max: 512, pattern: /^\/[\u0021-\u007F]*$/ },
  marker: { min: 1, max: 320, pattern: /^[\u0020-\u00FF]+$/ },
  accessKeyId: { min: 16, max: 128, pattern: /^\w+$/ },
  accessKeyStatus: { min: 1, max: 128, pattern: /^(Active|Inactive)$/ },
  password: { min: 1, max: 128, pattern: /^[\u0009\u000A\u000D\u0020-\u00FF]+$/ },
  mfaDeviceName: { min: 1, max: 226, ...NAME },
  serialNumber: { min: 9, max: 256, pattern: /^[\w+=/:,.@-]+$/ },
  authenticationCode: { min: 6, max: 6, pattern: /^\d+$/ },
  tagKey: { min: 1, max: 128, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u },
  tagValue: { min: 0, max: 256, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u },
} satisfies Record<string, TextRule>;
export const MAX_TAGS = 50;
const RESERVED_TAG_PREFIX = 'aws:';

export function optionalText(params: QueryParams, name: string, rule: TextRule): string | undefined {
  const value = params.get(name);
  return value === undefined ? undefined : checkText(value, memberName(name), rule);
}

export function requiredText(params: QueryParams, name: string, rule: TextRule): string {
  return optionalText(params, name, rule) ?? refuseNull(memberName(name));
}

/** What a thing that is being made is called, where it stands and what it is for. */
export function describedName(params: QueryParams, name: string, rules: { readonly name: TextRule; readonly path: TextRule; readonly description: TextRule }): {
  readonly name: string; readonly path: string; readonly description?: string;
} {
  const named = { name: requiredText(params, name, rules.name), path: optionalText(params, 'Path', rules.path) ?? '/' };
  const description = optionalText(params, 'Description', rules.description);
  return description === undefined ? named : { ...named, description };
}

export function optionalInteger(params: QueryParams, name: string, min: number, max: number): number | undefined {
  const value = params.get(name);
  if (value === undefined) return undefined;
  const member = memberName(name);
  if (!/^-?\d{1,10}$/.test(value)) throw constraint(value, member, 'Member must be an integer');
  if (Number(value) < min) throw constraint(value, member, `Member must have value greater than or equal to ${min}`);
  if (Number(value) > max) throw constraint(value, member, `Member must have value less than or equal to ${max}`);
  return Number(value);
}

export function optionalChoice<T extends string>(values: readonly string[], member: string, choices: readonly T[]): readonly T[] {
  return values.map((value) => choices.find((choice) => choice === value)
    ?? refuse(constraint(value, member, `Member must satisfy enum value set: [${choices.join(', ')}]`)));
}

/** Every member of a list by the same rule. */
export function textList(params: QueryParams, name: string, rule: TextRule): readonly string[] {
  return params.list(name).map((value, index) => checkText(value, `${memberName(name)}.${index + 1}.member`, rule));
}

/** A list may be empty but must be named, as SDKs do. */
export function requiredList(params: QueryParams, name: string): void {
  if (params.get(name) === undefined && params.records(name).length === 0) refuseNull(memberName(name));
}

/** At most 50 tags; keys differ in more than the case of letters; neither key nor value may start with `aws:`, AWS's reserved prefix. */
export function tagList(params: QueryParams): readonly Tag[] {
  const tags = params.records('Tags').map((fields, index) => checkTag(fields, `tags.${index + 1}.member`));
  checkTagCount(tags.length, 'tags');
  if (new Set(tags.map((tag) => tag.key.toLowerCase())).size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  return tags;
}

export function tagKeyList(params: QueryParams): readonly string[] {
  const keys = params.list('TagKeys').map((key, index) => checkText(key, `tagKeys.${index + 1}.member`, RULES.tagKey));
  checkTagCount(keys.length, 'tagKeys');
  return keys;
}

function checkTag(fields: Readonly<Record<string, string>>, member: string): Tag {
  const key = checkText(fields['Key'] ?? refuseNull(`${member}.key`), `${member}.key`, RULES.tagKey);
  const value = checkText(fields['Value'] ?? refuseNull(`${member}.value`), `${member}.value`, RULES.tagValue);
  if ([key, value].some((text) => text.toLowerCase().startsWith(RESERVED_TAG_PREFIX))) {
    throw invalidInput(`Tag keys and values must not start with the reserved prefix ${RESERVED_TAG_PREFIX}`);
  }
  return { key, value };
}

function checkTagCount(count: number, member: string): void {
  if (count > MAX_TAGS) throw validationError(`1 validation error detected: Value at '${member}' failed to satisfy constraint: `
    + `Member must have length less than or equal to ${MAX_TAGS}`);
}

function checkText(value: string, member: string, rule: TextRule): string {
  if (value.length < rule.min) throw constraint(value, member, `Member must have length greater than or equal to ${rule.min}`);
  if (value.length > rule.max) throw constraint(value, member, `Member must have length less than or equal to ${rule.max}`);
  if (rule.pattern.test(value)) return value;
  if (rule.says !== undefined) throw validationError(`The specified value for ${member} is invalid. ${rule.says}`);
  throw constraint(value, member, `Member must satisfy regular expression pattern: ${rule.pattern.source.slice(1, -1)}`);
}

const memberName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const constraint = (value: string, member: string, rule: string): Error =>
  validationError(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);

function refuseNull(member: string): never {
  throw validationError(`1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`);
}

function refuse(error: Error): never {
  throw error;
}
