import type { AccessKeyItem } from '@wami/contracts';
import type { Page } from '../api/references';
import { printRows, type Column } from '../output/format';
import type { Context } from './context';
import { createSealed, type CreateFlags } from './create-sealed';

/** What one cloud made. */
interface Made {
  readonly id: string;
  readonly target: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const COLUMNS: readonly Column<Made>[] = [
  { title: 'TARGET', value: ({ target }) => target }, { title: 'ACCESS KEY ID', value: ({ accessKeyId }) => accessKeyId }, { title: 'SECRET', value: ({ secretAccessKey }) => onOneLine(secretAccessKey) },
  { title: 'ID', value: ({ id }) => id },
];

/** A credentials file of Google is JSON, which means the same without its line breaks. */
const onOneLine = (secret: string): string => secret.replaceAll(/\n\s*/g, '');

/** `path`: the access keys of somebody. */
export function createAccessKey(context: Context, path: string, flags: CreateFlags): Promise<void> {
  return createSealed<AccessKeyItem['issued'][number], Made>(context, path, flags, {
    kind: 'access-key', secret: 'secret',
    issued: async (client, id) => (await client.call<Page<AccessKeyItem>>('GET', path, { query: { limit: 1000 } })).body.items.find((item) => item.id === id)?.issued ?? [],
    open: (recipient, id, { provider, account, accessKeyId, sealedSecret }) => ({ id, target: `${provider}/${account}`, accessKeyId, secretAccessKey: recipient.open(sealedSecret, `${id} ${accessKeyId}`) }),
    print: (made, format) => printRows(made, COLUMNS, format, ({ id }) => `access-key/${id}`),
  });
}
