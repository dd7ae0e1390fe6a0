import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { awsSettings } from './aws.config';

const connection = (more: Partial<Connection> = {}): Connection => ({
  provider: 'aws',
  account: '123456789012',
  credentials: { type: 'default' },
  ...more,
});

const KEYS = { type: 'static', accessKeyId: 'env:SPEC_KEY_ID', secretAccessKey: 'env:SPEC_SECRET' };

describe('a connection to AWS', () => {
  const before = process.env;
  beforeEach(() => {
    process.env = { ...before, SPEC_KEY_ID: 'AKIASPEC', SPEC_SECRET: 'hush' };
    delete process.env['AWS_REGION'];
    delete process.env['AWS_DEFAULT_REGION'];
  });
  afterEach(() => {
    process.env = before;
  });

  it('needs no more than an account', () => {
    expect(awsSettings(connection())).toEqual({
      account: '123456789012',
      region: 'us-east-1',
      endpoints: {},
      credentials: { type: 'default' },
      concurrency: 32,
    });
  });

  it('takes one endpoint for all, and one for each API before it', () => {
    const settings = awsSettings(
      connection({ endpoint: 'http://127.0.0.1:1', endpoints: { sts: 'http://127.0.0.1:2' }, limits: { concurrency: 4 } }),
    );
    expect([settings.endpoints, settings.concurrency]).toEqual([{ iam: 'http://127.0.0.1:1', sts: 'http://127.0.0.1:2' }, 4]);
  });

  it("takes AWS's own variables for the region, which chooses the partition", () => {
    process.env['AWS_REGION'] = 'us-gov-west-1';
    expect(awsSettings(connection()).region).toBe('us-gov-west-1');
  });

  it.each<[string, Partial<Connection>]>([
    ['account: an AWS account is twelve digits', { account: 'sandbox' }],
    ['endpoints.s3: not an API of AWS that is used here; known: iam, sts', { endpoints: { s3: 'http://127.0.0.1:1' } }],
    [
      "credentials.type: 'managed-identity' is not supported; supported: default, static, profile, web-identity, assume-role",
      { credentials: { type: 'managed-identity' } },
    ],
    [
      'credentials.secretAccessKey: write env:NAME or file:PATH, never the secret itself',
      { credentials: { ...KEYS, secretAccessKey: 'hush-hush' } },
    ],
    ['credentials.secretAccessKey:', { credentials: { type: 'static', accessKeyId: 'env:SPEC_KEY_ID' } }],
    ['credentials.profile:', { credentials: { type: 'profile' } }],
    ['credentials.roleArn: the ARN of a role', { credentials: { type: 'assume-role', roleArn: 'wami' } }],
    ['credentials.source.secretAccessKey: write env:NAME', { credentials: { type: 'assume-role', roleArn: 'arn:aws:iam::123456789012:role/w', source: { ...KEYS, secretAccessKey: 'hush-hush' } } }],
    ['credentials.expiresAt: write a date', { credentials: { ...KEYS, expiresAt: 'soon' } }],
  ])('is refused where %s', (says, more) => {
    expect(() => awsSettings(connection(more))).toThrow(
      expect.objectContaining({ code: 'InvalidRequest', message: expect.stringContaining(says) }),
    );
    expect(() => awsSettings(connection(more))).not.toThrow(expect.objectContaining({ message: expect.stringContaining('hush') }));
  });

  it('reads static keys anew each time, from the environment and from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aws-config-'));
    try {
      const file = join(folder, 'token');
      writeFileSync(file, 'first\n');
      const { credentials } = awsSettings(connection({ credentials: { ...KEYS, sessionToken: `file:${file}` } }));
      const read = () => (credentials.type === 'static' ? credentials.read() : undefined);
      expect(read()).toEqual({ accessKeyId: 'AKIASPEC', secretAccessKey: 'hush', sessionToken: 'first' });
      writeFileSync(file, 'second\n');
      expect(read()?.sessionToken).toBe('second');
      rmSync(file);
      expect(read).toThrow(
        expect.objectContaining({
          code: 'AuthExpired',
          message: `aws/123456789012: credentials.sessionToken: file:${file} holds nothing or cannot be read`,
        }),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
