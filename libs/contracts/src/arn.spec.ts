import { formatArn, parseArn } from './arn';

describe('an ARN', () => {
  const arn = { tenant: 'acme/engineering', instance: 'local', type: 'user', id: 'usr_01' };

  it('has the published form', () => {
    expect(formatArn(arn)).toBe('arn:wami:iam:acme/engineering:wami:local:user/usr_01');
  });

  it('is read back into its parts', () => {
    expect(parseArn(formatArn(arn))).toEqual(arn);
  });

  it.each(['', 'usr_01', 'arn:aws:iam::1:user/ann', 'arn:wami:iam:acme:wami:local:user/', 'arn:wami:iam:acme:wami:local:user/a b'])('is not %p', (text) => {
    expect(parseArn(text)).toBeUndefined();
  });
});
