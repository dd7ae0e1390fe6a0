import { IDENTITY_SOURCE } from '@wami/identity';
import { escapeIdentifier } from 'pg';
import type { OpenPart } from './places';

const INSTANCE = 6;
const DEFAULT = 'local';

/** `WAMI_INSTANCE`, as every subject of an event names it: `arn:wami:iam:acme:wami:local:user/...` */
export async function instanceOf(parts: readonly OpenPart[]): Promise<string> {
  const identity = parts.find(({ part }) => part.service === IDENTITY_SOURCE);
  const { rows: [first] } = await identity?.client.query<{ instance: string }>(
    `SELECT split_part(subject, ':', ${INSTANCE}) AS instance FROM ${escapeIdentifier(identity.part.schema)}.events LIMIT 1`) ?? { rows: [] };
  return first?.instance ?? DEFAULT;
}
