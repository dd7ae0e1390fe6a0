import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desired, ResourceHandler } from '@wami/provider-port';
import { createAwsAdapter } from './aws.adapter';

process.env['SPEC_AWS_KEYS_ID'] = 'AKIASPEC000000000001';
process.env['SPEC_AWS_KEYS_SECRET'] = 'never-shown';
const MADE = '<CreateAccessKeyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateAccessKeyResult><AccessKey><UserName>ann</UserName><AccessKeyId>AKIAMADE</AccessKeyId><Status>Active</Status><SecretAccessKey>told-once</SecretAccessKey></AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>';
const ABSENT = '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>words</Message></Error></ErrorResponse>';

it('a key that was to be inactive, and that IAM knows a moment later neither to deactivate nor to delete, is not taken for nothing', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action') ?? '';
      asked.push(action);
      const [status, body] = action === 'CreateAccessKey' ? [200, MADE] : [404, ABSENT];
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = createAwsAdapter().connect({ provider: 'aws', account: '123456789012', endpoint, credentials: { type: 'static', accessKeyId: 'env:SPEC_AWS_KEYS_ID', secretAccessKey: 'env:SPEC_AWS_KEYS_SECRET' } });
  try {
    const desired: Desired = { name: 'aky_1', owner: 'ann', document: { status: 'inactive' }, facets: {}, mark: { instance: 'local', tenant: 'acme', id: 'aky_1', kind: 'access-key' } };
    const made = (target.handler('access-key') as ResourceHandler).create(desired, { signal: AbortSignal.timeout(20_000) });
    await expect(made).rejects.toMatchObject({ code: 'NotFound', options: { effect: 'unknown' } });
    expect(asked).toEqual(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey']);
  } finally {
    await target.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
