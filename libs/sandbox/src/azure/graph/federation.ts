import { randomUUID } from 'node:crypto';
import { readShape } from '../../cloud/json-shape';
import type { Change, DirectoryObject } from '../azure-state';
import { AzureError, badRequest, resourceNotFound, unsupportedQuery } from '../errors';
import { parseBody } from './body';
import { findObject, graphRead, graphWrite, NO_CONTENT } from './operation';
import type { GraphAnswer, GraphCall, GraphOperations } from './operation';
import { checkOptions } from './query';

interface Credential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly description: string | null;
  readonly audiences: readonly string[];
}
type Sent = Partial<Omit<Credential, 'id'>>;

/** Most of one application, and most characters (federatedIdentityCredential, Graph reference). */
const MOST = 20;
const LONGEST = { name: 120, issuer: 600, subject: 600, description: 600, audiences: 600 } as const;
const URL_FRIENDLY = /^[\w.~-]+$/;
const REQUIRED = ['name', 'issuer', 'subject', 'audiences'] as const;
const NAMES = ['id', 'description', ...REQUIRED];

const MANY = '/v1.0/applications/{key}/federatedIdentityCredentials';
const ONE = `${MANY}/{credential}`;

/** Who may sign in as an application without a secret; each is called by its id or its name (recordings). */
export const federationOperations: GraphOperations = {
  'applications.federatedIdentityCredentials.list': graphRead(MANY, list),
  'applications.federatedIdentityCredentials.get': graphRead(ONE, get),
  'applications.federatedIdentityCredentials.create': graphWrite('POST', MANY, create),
  'applications.federatedIdentityCredentials.update': graphWrite('PATCH', ONE, update),
  'applications.federatedIdentityCredentials.delete': graphWrite('DELETE', ONE, remove),
};

const errors = {
  unknownField: (_at: string, field: string) => badRequest(`The property '${field}' does not exist on type 'microsoft.graph.federatedIdentityCredential' or may not be set.`),
  wrongType: (at: string) => badRequest(`Invalid value specified for property '${at}' of resource 'FederatedIdentityCredential'.`),
};
const invalid = (property: string, why: string): AzureError => new AzureError(400, 'InvalidFederatedIdentityCredentialValue', `${why} paramName: FederatedIdentityCredential.${property}, objectType: Microsoft.Online.DirectoryServices.Application`);

const applicationOf = (call: GraphCall, state: GraphCall['store']['truth']): DirectoryObject => findObject(state, 'application', call.path['key'] ?? '');
const credentialsOf = ({ fields }: DirectoryObject): readonly Credential[] => (fields['federatedIdentityCredentials'] ?? []) as readonly Credential[];
const having = (application: DirectoryObject, federatedIdentityCredentials: readonly Credential[]): Change => ({ type: 'object-put', object: { ...application, fields: { ...application.fields, federatedIdentityCredentials } } });
const contextOf = ({ id }: DirectoryObject): string => `https://graph.microsoft.com/v1.0/$metadata#applications('${id}')/federatedIdentityCredentials`;

function list(call: GraphCall): GraphAnswer {
  checkOptions(call.query, ['$select', '$filter']);
  const application = applicationOf(call, call.store.view());
  const [isAsked, show] = [filterOf(call.query.get('$filter')), selectionOf(call.query)];
  return { status: 200, body: { '@odata.context': contextOf(application), value: credentialsOf(application).filter(isAsked).map(show) } };
}

function get(call: GraphCall): GraphAnswer {
  checkOptions(call.query, ['$select']);
  const application = applicationOf(call, call.store.view());
  return { status: 200, body: { '@odata.context': `${contextOf(application)}/$entity`, ...selectionOf(call.query)(found(call, application)) } };
}

function create(call: GraphCall): GraphAnswer {
  const application = applicationOf(call, call.store.truth);
  const sent = sentIn(call);
  const absent = REQUIRED.find((name) => sent[name] === undefined);
  if (absent !== undefined) throw badRequest(`A value is required for property '${absent}' of resource 'FederatedIdentityCredential'.`);
  const { name = '', issuer = '', subject = '', audiences = [], description = null } = sent;
  const credential: Credential = { id: randomUUID(), name, issuer, subject, description, audiences };
  const others = credentialsOf(application);
  checkValues(credential);
  if (others.some((one) => isCalled(one, name))) throw new AzureError(409, 'Request_MultipleObjectsWithSameKeyValue', `FederatedIdentityCredential with name ${name} already exists.`);
  checkTrust(credential, others);
  if (others.length >= MOST) throw new AzureError(403, 'Directory_QuotaExceeded', `An application can have at most ${MOST} federated identity credentials.`);
  call.store.commit(having(application, [...others, credential]));
  return { status: 201, body: { '@odata.context': `${contextOf(application)}/$entity`, ...credential } };
}

/** Its name is for good. */
function update(call: GraphCall): GraphAnswer {
  const application = applicationOf(call, call.store.truth);
  const before = found(call, application);
  const sent = sentIn(call);
  if (Object.keys(sent).length === 0) throw badRequest('Empty Payload. JSON content expected.');
  if (sent.name !== undefined && sent.name !== before.name) throw badRequest("Property 'name' is read-only and cannot be set.");
  const after = { ...before, ...sent };
  const others = credentialsOf(application).filter(({ id }) => id !== before.id);
  checkValues(after);
  checkTrust(after, others);
  call.store.commit(having(application, credentialsOf(application).map((one) => (one.id === before.id ? after : one))));
  return NO_CONTENT;
}

function remove(call: GraphCall): GraphAnswer {
  const application = applicationOf(call, call.store.truth);
  const gone = found(call, application);
  call.store.commit(having(application, credentialsOf(application).filter(({ id }) => id !== gone.id)));
  return NO_CONTENT;
}

function found(call: GraphCall, application: DirectoryObject): Credential {
  const key = call.path['credential'] ?? '';
  const credential = credentialsOf(application).find((one) => one.id === key.toLowerCase() || isCalled(one, key));
  if (credential === undefined) throw resourceNotFound(key);
  return credential;
}

const isCalled = ({ name }: Credential, other: string): boolean => name.toLowerCase() === other.toLowerCase();

function sentIn({ body }: GraphCall): Sent {
  return readShape(parseBody(body), { name: 'string', issuer: 'string', subject: 'string', description: 'string', audiences: ['string'] } as const, errors);
}

function checkValues({ name, issuer, subject, description, audiences }: Credential): void {
  for (const [property, text] of Object.entries({ name, issuer, subject, audiences: audiences[0] ?? '', description: description ?? '-' }) as [keyof typeof LONGEST, string][]) {
    if (text === '' || text.length > LONGEST[property]) throw invalid(property, `The value has 1 to ${LONGEST[property]} characters.`);
  }
  if (audiences.length !== 1) throw invalid('Audiences', 'Exactly one audience is needed.');
  if (!URL_FRIENDLY.test(name)) throw invalid('Name', 'The name must be URL friendly.');
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') throw invalid('Issuer', 'The issuer must be a URL with the https scheme.');
}

/** Told after a name that is taken (reports). */
function checkTrust({ issuer, subject }: Credential, others: readonly Credential[]): void {
  if (others.some((one) => one.issuer === issuer && one.subject === subject)) {
    throw invalid('Subject', `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist.`);
  }
}

function filterOf(filter: string | null): (credential: Credential) => boolean {
  if (filter === null) return () => true;
  const [, property, value = ''] = /^(name|subject) eq '((?:[^']|'')*)'$/.exec(filter) ?? [];
  if (property === undefined) throw unsupportedQuery(`Unsupported Query: the sandbox does not answer the filter ${filter} here.`);
  return (credential) => credential[property as 'name' | 'subject'] === value.replaceAll("''", "'");
}

function selectionOf(query: URLSearchParams): (credential: Credential) => object {
  const names = query.get('$select')?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw badRequest(`Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.federatedIdentityCredential'.`);
  return (credential) => Object.fromEntries(Object.entries(credential).filter(([name]) => names?.includes(name) ?? true));
}
