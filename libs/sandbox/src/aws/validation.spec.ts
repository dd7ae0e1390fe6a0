import { readCredential } from './authentication';
import { page } from './pagination';
import { QueryParams } from './query-protocol';
import { optionalInteger, optionalText, requiredText, RULES, tagKeyList, tagList } from './validation';

const params = (fields: Record<string, string>): QueryParams => new QueryParams(new URLSearchParams(fields));
const tags = (...pairs: readonly (readonly [string, string])[]): QueryParams =>
  params(Object.fromEntries(pairs.flatMap(([key, value], index) => [
    [`Tags.member.${index + 1}.Key`, key], [`Tags.member.${index + 1}.Value`, value],
  ])));
const invalidInput = (text: string): Error =>
  expect.objectContaining({ status: 400, code: 'InvalidInput', message: expect.stringContaining(text) });
const validation = (text: string): Error => expect.objectContaining({ status: 400, code: 'ValidationError', message: expect.stringContaining(text) });

describe('names and paths', () => {
  it.each(['a', 'ann@example.com', 'A+b=c,d.e-f_9', 'x'.repeat(64)])('accepts the user name %s', (name) => {
    expect(requiredText(params({ UserName: name }), 'UserName', RULES.userName)).toBe(name);
  });

  it.each([
    ['', 'greater than or equal to 1'], ['x'.repeat(65), 'less than or equal to 64'], ['a b', 'The specified value for userName is invalid'],
    ['é', 'is invalid'], ['a/b', 'is invalid'], ['a\n', 'is invalid'],
  ])('refuses the user name %j', (name, says) => {
    expect(() => requiredText(params({ UserName: name }), 'UserName', RULES.userName)).toThrow(validation(says));
  });

  it('asks for what is missing', () => {
    expect(() => requiredText(params({}), 'UserName', RULES.userName)).toThrow(validation('Member must not be null'));
  });

  it.each(['/', '/a/', '/a/b/', `/${'x'.repeat(510)}/`])('accepts the path %s', (path) => {
    expect(optionalText(params({ Path: path }), 'Path', RULES.path)).toBe(path);
  });

  it.each(['', 'a', '/a', 'a/', '/a b/', '/é/', `/${'x'.repeat(511)}/`])('refuses the path %j', (path) => {
    expect(() => optionalText(params({ Path: path }), 'Path', RULES.path)).toThrow(validation(''));
  });

  it.each([['0', 'greater than or equal to 1'], ['1001', 'less than or equal to 1000'], ['ten', 'an integer']])('refuses MaxItems %s', (value, says) => {
    expect(() => optionalInteger(params({ MaxItems: value }), 'MaxItems', 1, 1_000)).toThrow(validation(says));
  });
});

describe('tags', () => {
  it('accepts letters of every script, blanks and empty values', () => {
    expect(tagList(tags(['Größe _.:/=+-@', ''], ['ключ', 'я 1']))).toEqual([{ key: 'Größe _.:/=+-@', value: '' }, { key: 'ключ', value: 'я 1' }]);
  });

  it.each([['a#', 'v'], ['a', '!'], ['', 'v'], ['k'.repeat(129), 'v'], ['k', 'v'.repeat(257)]])('refuses %j=%j as a malformed tag', (key, value) => {
    expect(() => tagList(tags([key, value]))).toThrow(validation('tags.1.member'));
  });

  it.each([['aws:x', 'v'], ['AWS:x', 'v'], ['k', 'aws:v']])('refuses the reserved %s=%s', (key, value) => {
    expect(() => tagList(tags([key, value]))).toThrow(invalidInput('reserved prefix'));
  });

  it('refuses keys that differ in case only', () => {
    expect(() => tagList(tags(['Team', '1'], ['team', '2']))).toThrow(invalidInput('Duplicate tag keys'));
  });

  it('refuses more than fifty tags or keys, and half a tag', () => {
    const many = Array.from({ length: 51 }, (_none, index) => [`k${index}`, 'v'] as const);
    expect(tagList(tags(...many.slice(1)))).toHaveLength(50);
    expect(() => tagList(tags(...many))).toThrow(validation("at 'tags'"));
    const manyKeys = params(Object.fromEntries(many.map(([key], index) => [`TagKeys.member.${index + 1}`, key])));
    expect(() => tagKeyList(manyKeys)).toThrow(validation("at 'tagKeys'"));
    expect(() => tagList(params({ 'Tags.member.1.Key': 'k' }))).toThrow(validation("'tags.1.member.value'"));
  });
});

describe('pages', () => {
  it('neither repeat nor skip what stays while items come and go', () => {
    const first = page(params({ MaxItems: '2' }), ['b', 'd', 'f', 'h'], String);
    expect(first).toEqual({ items: ['b', 'd'], fields: { IsTruncated: true, Marker: expect.any(String) } });
    const next = page(params({ Marker: first.fields.Marker ?? '' }), ['a', 'b', 'c', 'f', 'h'], String);
    expect(next).toEqual({ items: ['f', 'h'], fields: { IsTruncated: false } });
  });

  it('hold a hundred unless told, and refuse a marker that nobody gave', () => {
    expect(page(params({}), Array.from({ length: 101 }, (_none, index) => String(1_000 + index)), String).items).toHaveLength(100);
    expect(() => page(params({ Marker: 'nonsense' }), [], String)).toThrow(validation('Invalid Marker'));
  });
});

describe('credentials', () => {
  const header = 'AWS4-HMAC-SHA256 Credential=AKIAAAAAAAAAAAAAAAAA/20300101/us-east-1/iam/aws4_request, '
    + `SignedHeaders=host;x-amz-date, Signature=${'a'.repeat(64)}`;

  it('are read from a Signature Version 4 header', () => {
    expect(readCredential(header)).toEqual({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', service: 'iam' });
  });

  it.each([undefined, '', 'Basic dTpw', header.replace('Signature=', 'Sig='), header.slice(0, -1)])('are missing in %j', (wrong) => {
    expect(() => readCredential(wrong)).toThrow(expect.objectContaining({ code: 'MissingAuthenticationToken', status: 403 }));
  });
});
