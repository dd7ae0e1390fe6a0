import { missingAuthentication } from './errors';

export interface Credential {
  readonly accessKeyId: string;
  /** The service that the signature is scoped to. */
  readonly service: string;
}

const SCOPE = /(\w{16,128})\/\d{8}\/[a-z0-9-]+\/([a-z0-9-]+)\/aws4_request/.source;
const SIGV4 = new RegExp(`^AWS4-HMAC-SHA256 Credential=${SCOPE}, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$`);

/** Reads the form of a Signature Version 4 header. The signature is not verified: the sandbox knows no secrets, any key id is accepted. */
export function readCredential(authorization: string | undefined): Credential {
  const [, accessKeyId, service] = SIGV4.exec(authorization ?? '') ?? [];
  if (accessKeyId === undefined || service === undefined) throw missingAuthentication();
  return { accessKeyId, service };
}
