import type { DirectoryObject, Fields } from '../azure-state';
import { badRequest, unsupportedQuery } from '../errors';
import { ENTITY_TYPES, hasProperty } from './entity-types';
import type { EntityType } from './entity-types';
import { parseFilter } from './filter';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;
const OPTIONS = ['$select', '$filter', '$top', '$count', '$skiptoken', '$expand'];
const FEDERATED = 'federatedIdentityCredentials';

export interface Question {
  readonly query: URLSearchParams;
  /** Whether it carries `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
  /** The address that a next page continues. */
  readonly url: URL;
}

/** Everything of an object, as it is kept and as it follows from that. */
export function fieldsOf({ id, fields, deletedAt }: DirectoryObject): Fields {
  return { id, ...fields, ...(deletedAt === undefined ? {} : { deletedDateTime: seconds(deletedAt) }) };
}

export const seconds = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** What one read shows of an object: what $select names, or the type's own choice. */
export function shownOf(object: DirectoryObject, { query }: Pick<Question, 'query'>): Fields {
  const entity = ENTITY_TYPES[object.type];
  const all = fieldsOf(object);
  const selected = selection(query, entity);
  const names = selected ?? ['id', ...Object.keys(entity.shown)];
  return Object.fromEntries(names.map((name) => [name, all[name] ?? { ...entity.shown, ...entity.hidden }[name] ?? null]));
}

function selection(query: URLSearchParams, entity: EntityType): readonly string[] | undefined {
  const names = query.get('$select')?.split(',').map((name) => name.trim()).filter((name) => name !== '');
  const unknown = names?.find((name) => name !== '*' && !hasProperty(entity, name));
  if (unknown !== undefined) throw badRequest(`Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.${entity.type}'.`);
  return names?.includes('*') === true ? undefined : names;
}

export function checkOptions(query: URLSearchParams, allowed: readonly string[] = OPTIONS): void {
  const unknown = [...query.keys()].find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  if (OPTIONS.includes(unknown) || /^\$(expand|search|orderby|skip|format)$/.test(unknown)) throw unsupportedQuery(`Unsupported Query: the sandbox does not answer '${unknown}' here.`);
  if (unknown.startsWith('$')) throw badRequest(`The query parameter '${unknown}' is not supported.`);
}

/**
 * One page of what matches $filter, in the order given, with the address of the next. `cast` is the only type that is asked for;
 * without it a list may hold several, each told by its `@odata.type`.
 */
export function listAnswer(question: Question, objects: readonly DirectoryObject[], context: string, entity: EntityType | undefined): Fields {
  const { query, eventual, url } = question;
  checkOptions(query);
  const expands = isExpanded(query, entity);
  const counting = query.get('$count') === 'true';
  if (counting && !eventual) throw badRequest('The query parameter \'$count\' needs the header ConsistencyLevel: eventual.');
  const filter = query.get('$filter');
  const matching = filter === null ? objects : objects.filter(matcher(filter, entity, eventual && counting));
  const size = pageSize(query);
  const after = query.get('$skiptoken');
  const rest = after === null ? matching : matching.filter(({ id }) => id > decode(after));
  const answered = rest.slice(0, size);
  const last = answered.at(-1);
  const more = last !== undefined && rest.length > size;
  return {
    '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${context}`,
    ...(counting ? { '@odata.count': matching.length } : {}),
    ...(more ? { '@odata.nextLink': nextLink(url, last.id) } : {}),
    value: answered.map((object) => ({ ...(entity === undefined ? { '@odata.type': `#microsoft.graph.${object.type}` } : {}), ...shownOf(object, question), ...(expands ? { [FEDERATED]: object.fields[FEDERATED] ?? [] } : {}) })),
  };
}

/** Whether federated credentials come along: all that the sandbox expands. */
function isExpanded(query: URLSearchParams, entity: EntityType | undefined): boolean {
  const asked = query.get('$expand');
  if (asked !== null && (entity?.type !== 'application' || asked !== FEDERATED)) throw unsupportedQuery(`Unsupported Query: the sandbox does not expand '${asked}' here.`);
  return asked !== null;
}

function matcher(filter: string, entity: EntityType | undefined, advanced: boolean): (object: DirectoryObject) => boolean {
  if (entity === undefined) throw unsupportedQuery('Unsupported Query: the sandbox does not filter lists of several types.');
  const matches = parseFilter(filter, entity, advanced);
  return (object) => matches(fieldsOf(object));
}

function pageSize(query: URLSearchParams): number {
  const asked = query.get('$top');
  if (asked === null) return DEFAULT_PAGE;
  if (/^\d{1,9}$/.test(asked) && Number(asked) >= 1 && Number(asked) <= LARGEST_PAGE) return Number(asked);
  throw badRequest(`Invalid page size specified: '${asked}'. Must be between 1 and ${LARGEST_PAGE} inclusive.`);
}

/** The token is opaque to clients; Graph's own holds names of users. */
function nextLink(url: URL, lastId: string): string {
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(`after:${lastId}`).toString('base64url'));
  return next.href.replace(/([?&])%24/g, '$1$');
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after:')) throw badRequest('The skip token is invalid.');
  return text.slice('after:'.length);
}
