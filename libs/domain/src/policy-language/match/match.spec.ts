import { coversArn } from './arn';
import { readDate } from './date';
import { canonicalDecimal, compareDecimals } from './decimal';
import { literalTokens, matchesGlob, wildcardTokens } from './glob';
import { canonicalCidr, cidrHolds, readCidr } from './ip';
import { readTemplate } from './template';

describe('wildcards', () => {
  test.each([
    ['*', '', true], ['*', 'anything', true], ['?', '', false], ['?', 'a', true], ['?', 'ab', false],
    ['', '', true], ['', 'a', false], ['a*', 'a', true], ['*a', 'ba', true], ['a*b*c', 'axxbyyc', true], ['a*b*c', 'axxbyy', false],
    ['*?*', '', false], ['*?*', 'x', true], ['a**b', 'ab', true], ['a?c', 'a?c', true], ['*ab', 'aab', true], ['*aab', 'aaab', true],
    ['Get*', 'get', false], ['[a-z]', 'b', false], ['a.c', 'abc', false], ['(a+)+$', 'aaaa', false],
  ])('%s against %s: %s', (pattern, value, expected) => {
    expect(matchesGlob(pattern, value)).toBe(expected);
  });

  test('what makes a backtracking matcher hang is answered', () => {
    expect(matchesGlob('*a'.repeat(40) + 'b', 'a'.repeat(4_000))).toBe(false);
  });
});

// "IAM JSON policy elements: Condition operators", ARN; "IAM JSON policy elements: Resource", wildcards.
describe('ARNs', () => {
  test.each([
    ['arn:aws:someservice:*:111122223333:finance/*', 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt', false],
    ['arn:aws:someservice:*:111122223333:finance/*', 'arn:aws:someservice:us-east-2:111122223333:finance/document.txt', true],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/3/object.jpg', true],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket/1///test///object.jpg', true],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket//test/object.jpg', true],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket/1/test/', true],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket/1-test/object.jpg', false],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket/test/object.jpg', false],
    ['arn:aws:s3:::amzn-s3-demo-bucket/*/test/*', 'arn:aws:s3:::amzn-s3-demo-bucket/1/2/test.jpg', false],
    ['arn:aws:logs:*:*:log-group:app:*', 'arn:aws:logs:eu-west-1:111122223333:log-group:app:log-stream:x', true],
    ['arn:aws:sns:*:*:a', 'arn:aws:sns:r:1:a:b', false], ['arn:aws:sns:*:*:*z', 'arn:aws:sns:r:1:a:b:z', true],
    ['*', 'arn:aws:s3:::b', true], ['*', '*', true], ['arn:aws:s3:::*', '*', false], ['arn:aws:s3:::*', 'arn:aws:s3', false],
    ['arn:aws:s3:::*', 'arn:aws:s3:us-east-1:111122223333:accesspoint/x', false], ['arn:aws:iam::*:user/?ob', 'arn:aws:iam::1:user/Bob', true],
  ])('%s against %s: %s', (pattern, value, expected) => {
    expect(coversArn(wildcardTokens(pattern), literalTokens(value))).toBe(expected);
  });
});

describe('numbers, dates and addresses', () => {
  test.each([
    ['10', '9', 1], ['9', '10', -1], ['1.50', '1.5', 0], ['-1', '1', -1], ['+2', '2', 0], ['-0', '0', 0],
    ['9007199254740993', '9007199254740992', 1], ['1e3', '1000', undefined], ['', '0', undefined], ['0x10', '16', undefined],
  ])('decimal %s to %s: %s', (left, right, order) => {
    expect(compareDecimals(left, right)).toBe(order);
  });

  test('a number has one spelling', () => {
    expect(['007.50', '7.5', '-0.0', '100'].map(canonicalDecimal)).toEqual(['7.5', '7.5', '0', '100']);
  });

  test.each([
    ['2020-01-01T00:00:01Z', 1_577_836_801_000], ['2020-01-01', 1_577_836_800_000], ['2020-01', 1_577_836_800_000], ['2020', 1_577_836_800_000],
    ['2020-01-01T01:00:00+01:00', 1_577_836_800_000], ['2020-01-01T00:00:00.25Z', 1_577_836_800_250], ['1577836800', 1_577_836_800_000],
    ['2020-02-30', undefined], ['2021-13-01', undefined], ['2020-1-1', undefined], ['tomorrow', undefined], ['2020-01-01T24:00Z', undefined],
  ])('date %s', (text, time) => {
    expect(readDate(text)).toBe(time);
  });

  test.each([
    ['203.0.113.0/24', '203.0.113.255', true], ['203.0.113.0/24', '203.0.114.0', false], ['203.0.113.7', '203.0.113.7', true],
    ['0.0.0.0/0', '255.255.255.255', true], ['2001:DB8:1234:5678::/64', '2001:db8:1234:5678:9::1', true],
    ['2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false], ['::/0', '203.0.113.1', false], ['::ffff:0:0/96', '::ffff:192.0.2.1', true],
    ['10.0.0.0/8', '10.0.0.0/16', true], ['10.0.0.0/16', '10.0.0.0/8', false],
  ])('%s holds %s: %s', (outer, inner, expected) => {
    const [range, address] = [readCidr(outer), readCidr(inner)];
    expect(range && address && cidrHolds(range, address)).toBe(expected);
  });

  test.each(['256.0.0.1', '1.2.3', '1.2.3.4/33', '01.2.3.4', '::1::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'g::', '::/129', '1.2.3.4/', '', 'fe80::1%eth0'])(
    '%s is no range', (text) => expect(readCidr(text)).toBeUndefined());

  test('a range has one spelling', () => {
    const spelt = ['10.1.2.3/8', '2001:DB8::1', '::1/128'].map((text) => readCidr(text)).map((range) => range && canonicalCidr(range));
    expect(spelt).toEqual(['10.0.0.0/8', '2001:db8:0:0:0:0:0:1/128', '0:0:0:0:0:0:0:1/128']);
  });
});

// "IAM policy elements: Variables and tags"; faults as in "IAM policy validation check reference".
describe('variables', () => {
  test.each([
    ['plain $5 {x}', [{ kind: 'text', text: 'plain $5 {x}' }]],
    ['a/${aws:username}/*', [{ kind: 'text', text: 'a/' }, { kind: 'variable', key: 'aws:username' }, { kind: 'text', text: '/*' }]],
    ["${aws:PrincipalTag/team, 'company-wide'}", [{ kind: 'variable', key: 'aws:PrincipalTag/team', fallback: 'company-wide' }]],
    ["${aws:PrincipalTag/team,''}", [{ kind: 'variable', key: 'aws:PrincipalTag/team', fallback: '' }]],
    ['${*}${?}${$}', [{ kind: 'literal', text: '*' }, { kind: 'literal', text: '?' }, { kind: 'literal', text: '$' }]],
  ])('%s', (source, parts) => {
    expect(readTemplate(source)).toEqual({ parts });
  });

  test.each([
    ['${aws:username', 'MissingBraceInVariable'], ['${}', 'EmptyVariable'], ['${ }', 'EmptyVariable'], ['${aws: username}', 'SpaceInVariable'],
    ['${username}', 'InvalidVariable'], ['${aws:x, y}', 'MissingQuoteInVariable'], ["${aws:x, 'y}", 'MissingQuoteInVariable'],
    ["${aws:x, 'y' z}", 'MissingBraceInVariable'], ['${aws:${aws:x}}', 'InvalidVariable'],
  ])('%s: %s', (source, fault) => {
    expect(readTemplate(source)).toEqual({ fault });
  });
});
