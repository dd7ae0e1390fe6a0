import type { Field, Type } from 'protobufjs';
import type { HttpAnswered } from './http-call';

type Json = Readonly<Record<string, unknown>>;

/** What a message of this type says where HTTP answered so. */
export function toMessage(type: Type, { status, headers, body = {} }: HttpAnswered): object {
  const { sync, ...rest } = body;
  const written = () => ({
    position: String(headers['wami-position'] ?? ''), created: status === 201, sync: statesOf(sync), replayed: headers['idempotent-replayed'] === 'true',
  });
  if (type.name === 'Written') return written();
  const fields = type.fieldsArray;
  if (type.fields['written']) return { ...about(fields.find(({ name }) => name !== 'written'), rest), written: written() };
  if (Array.isArray(body['items'])) return listed(fields, body);
  if (type.name === 'GetResourceSyncResponse') return { states: statesOf(body) };
  return fields.length === 1 && fields[0]?.name === 'config' ? { config: body } : body;
}

/** The resource stands in a field of its own where the message has one; what is no resource lies beside `written`. */
function about(field: Field | undefined, body: Json): Json {
  const isResource = field?.resolvedType !== undefined && field.resolvedType !== null;
  if (!field || !isResource) return body;
  return Object.keys(body).length === 0 ? {} : { [field.name]: body };
}

function listed(fields: readonly Field[], { items, nextCursor, ...rest }: Json): Json {
  const list = fields.find(({ repeated }) => repeated);
  return { ...rest, ...(list ? { [list.name]: items } : {}), ...(nextCursor === undefined ? {} : { nextPageToken: nextCursor }) };
}

/** The states of provider -> account -> state; each names both. */
function statesOf(map: unknown): unknown[] {
  return Object.values((map ?? {}) as Readonly<Record<string, Json>>).flatMap((accounts) => Object.values(accounts));
}
