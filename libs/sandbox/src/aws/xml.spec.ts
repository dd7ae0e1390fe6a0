import { AwsError, noSuchUser } from './errors';
import { QueryParams, renderError, renderResult } from './query-protocol';
import { escapeXml, renderXml } from './xml';

describe('XML of the Query protocol', () => {
  it('escapes markup, keeps line ends and replaces what XML cannot carry', () => {
    expect(escapeXml(`<a href="x">&'\r\n\u0000\uD800é😀`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&apos;&#xD;&#xA;\uFFFD\uFFFDé😀');
  });

  it('writes lists as members, maps as entries and leaves absent values out', () => {
    expect(renderXml('R', { List: ['a', { B: 1 }], Empty: [], Absent: undefined, Map: new Map([['Users', 3]]), Flag: false })).toBe(
      '<R><List><member>a</member><member><B>1</B></member></List><Empty/><Map><entry><key>Users</key><value>3</value></entry></Map><Flag>false</Flag></R>',
    );
  });

  it('wraps results and gives operations without a result only their metadata', () => {
    expect(renderResult('sts', 'GetCallerIdentity', { Account: '1' }, 'r1')).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>'
      + '<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    );
    expect(renderResult('iam', 'DeleteUser', undefined, 'r2')).not.toContain('DeleteUserResult');
  });

  it('names the sender or the receiver of an error', () => {
    expect(renderError('iam', noSuchUser('<b>'), 'r1')).toBe(
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>'
      + '<Message>The user with name &lt;b&gt; cannot be found.</Message></Error><RequestId>r1</RequestId></ErrorResponse>',
    );
    expect(renderError('iam', new AwsError(500, 'ServiceFailure', 'x'), 'r')).toContain('<Type>Receiver</Type>');
  });
});

describe('parameters of the Query protocol', () => {
  it('reads members in the order of their numbers, fields together', () => {
    const params = new QueryParams(new URLSearchParams('T.member.10.Key=b&T.member.2.Key=a&T.member.2.Value=1&L.member.2=y&L.member.1=x&E='));
    expect(params.records('T')).toEqual([{ Key: 'a', Value: '1' }, { Key: 'b' }]);
    expect(params.list('L')).toEqual(['x', 'y']);
    expect(params.list('E')).toEqual([]);
  });
});
