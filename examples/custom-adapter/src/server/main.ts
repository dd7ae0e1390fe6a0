import { startDirectory } from './start-directory';

const { DIRECTORY_ORGANIZATION: organization = 'acme', DIRECTORY_TOKEN: token = 'let-me-in', DIRECTORY_PORT: port = '0' } = process.env;
void startDirectory({ organization, token, port: Number(port) }).then(({ url }) => process.stdout.write(`directory of ${organization} answers at ${url}\n`));
