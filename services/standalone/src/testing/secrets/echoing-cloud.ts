import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlantedSecrets } from './planted-secrets';

export interface EchoingCloud {
  readonly url: string;
  /** Codes that it has answered with. */
  readonly answered: ReadonlySet<string>;
  close(): Promise<void>;
}

/** As AWS words them, or worse: each quotes what it was sent. */
const ANSWERS: readonly (readonly [string, number, (signed: string, session: string) => string])[] = [
  ['AccessDenied', 403, (signed, session) => `Not authorized: ${signed}, ${session}`],
  ['ServiceFailure', 500, (signed, session) => `We failed at ${signed}, ${session}`],
  ['SignatureDoesNotMatch', 403, (signed, session) =>
    `The request signature we calculated does not match the signature you provided. Check your key. The Canonical String should have been 'POST\n/\n\nx-amz-security-token:${session}' ${signed}`],
  ['IncompleteSignature', 400, (signed) => `Authorization header requires 'Signature' parameter. Authorization=${signed}`],
  ['IncompleteSignature', 400, (signed) => `'${signed}' not a valid key=value pair (missing equal-sign) in Authorization header: '${signed}'.`],
  ['InvalidClientTokenId', 403, (signed, session) => `The security token ${session} included in the request is invalid: ${signed}`],
];

/** Refuses every call, and says in its refusal what the call was signed with. Keeps the signatures among the secrets. */
export async function startEchoingCloud(planted: PlantedSecrets): Promise<EchoingCloud> {
  const answered = new Set<string>();
  let calls = 0;
  const server = createServer((request, response) => {
    const { authorization = '', 'x-amz-security-token': session } = request.headers;
    const signature = /Signature=([0-9a-f]{64})/.exec(authorization)?.[1];
    if (signature !== undefined) planted.keep('signature of a call', signature);
    const [code, status, message] = ANSWERS[calls++ % ANSWERS.length] ?? ['', 500, () => ''];
    request.resume().on('end', () => {
      answered.add(`${code} ${status}`);
      response.writeHead(status, { 'content-type': 'text/xml', 'x-echo': encodeURIComponent(authorization) });
      response.end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message(authorization, String(session))}</Message></Error><RequestId>r</RequestId></ErrorResponse>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
export const EVERY_ANSWER = new Set(ANSWERS.map(([code, status]) => `${code} ${status}`)).size;
