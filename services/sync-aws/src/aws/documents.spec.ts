import { documentFrom, documentText, meaningOf } from './documents';

const READ = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: 'arn:aws:s3:::a/*' }] };

describe('a document of a policy', () => {
  it('is sent without a character that IAM does not take, and is the same when it is read', () => {
    const document = { ...READ, Id: 'Zoë 漢字 😀' };
    expect(documentText(document)).toMatch(/^[\u0020-\u00FF]+$/);
    expect(JSON.parse(documentText(document))).toEqual(document);
  });

  it('is read URL-encoded and plain, also where a percent sign stands in it', () => {
    const text = JSON.stringify({ ...READ, Id: '100% +%20' });
    expect([documentFrom(encodeURIComponent(text)), documentFrom(text), documentFrom(encodeURIComponent(` ${text}`))]).toEqual(Array.from({ length: 3 }, () => JSON.parse(text) as unknown));
    expect([documentFrom('%'), documentFrom('nonsense')]).toEqual(['%', 'nonsense']);
  });

  it('means the same in another order and spelling, and something else with another action', () => {
    const other = { Statement: { Resource: ['arn:aws:s3:::a/*'], Action: ['S3:listbucket', 's3:GetObject'], Effect: 'Allow', Sid: 'X' }, Version: '2012-10-17' };
    expect(meaningOf(other, 'identity')).toBe(meaningOf(READ, 'identity'));
    expect(meaningOf({ ...READ, Statement: [{ ...READ.Statement[0], Action: 's3:GetObject' }] }, 'identity')).not.toBe(meaningOf(READ, 'identity'));
    expect(JSON.parse(meaningOf(READ, 'identity'))).toMatchObject({ Statement: [{ Effect: 'Allow' }] });
  });

  it('that is none by our grammar is itself alone, whatever the order of its members', () => {
    expect(meaningOf({ b: [{ d: 1, c: 2 }], a: 1 }, 'identity')).toBe('{"a":1,"b":[{"c":2,"d":1}]}');
    expect(meaningOf('nonsense', 'identity')).toBe('"nonsense"');
  });
});
