import { randomBytes, randomUUID } from 'node:crypto';
import { readShape } from '../../cloud/json-shape';
import type { Change, DirectoryObject, Fields } from '../azure-state';
import { badRequest } from '../errors';
import { parseBody } from './body';
import { findObject, graphWrite, NO_CONTENT } from './operation';
import type { GraphAnswer, GraphCall, GraphOperations } from './operation';
import { seconds } from './query';

const TWO_YEARS_MS = 2 * 365 * 86_400_000;
const ONE = '/v1.0/applications/{key}';

/** What programs sign in with as an application. The newest comes first (recordings). */
export const passwordOperations: GraphOperations = {
  'applications.addPassword': graphWrite('POST', `${ONE}/addPassword`, add),
  'applications.removePassword': graphWrite('POST', `${ONE}/removePassword`, remove),
};

const errors = {
  unknownField: (at: string, field: string) => badRequest(`The property '${at === '' ? field : `${at}.${field}`}' does not exist on type 'microsoft.graph.passwordCredential' or may not be set.`),
  wrongType: (at: string) => badRequest(`Invalid value specified for property '${at}' of resource 'PasswordCredential'.`),
};

const applicationOf = (call: GraphCall): DirectoryObject => findObject(call.store.truth, 'application', call.path['key'] ?? '');
const passwordsOf = ({ fields }: DirectoryObject): readonly Fields[] => (fields['passwordCredentials'] ?? []) as readonly Fields[];
const having = (application: DirectoryObject, passwordCredentials: readonly Fields[]): Change => ({ type: 'object-put', object: { ...application, fields: { ...application.fields, passwordCredentials } } });

/** The secret is in this answer alone. */
function add(call: GraphCall): GraphAnswer {
  const application = applicationOf(call);
  const { passwordCredential: asked = {} } = readShape(parseBody(call.body), { passwordCredential: { displayName: 'string', startDateTime: 'string', endDateTime: 'string' } } as const, errors);
  const start = timeOf(asked.startDateTime, 'startDateTime') ?? call.now;
  const end = timeOf(asked.endDateTime, 'endDateTime') ?? start + TWO_YEARS_MS;
  if (end <= start) throw badRequest('The end date of the password credential must be after its start date.');
  const secretText = `${randomBytes(3).toString('hex').slice(0, 3)}8Q~${randomBytes(25).toString('base64url')}`;
  const password = { customKeyIdentifier: null, displayName: asked.displayName ?? null, endDateTime: seconds(end), hint: secretText.slice(0, 3), keyId: randomUUID(), secretText: null, startDateTime: seconds(start) };
  call.store.commit(having(application, [password, ...passwordsOf(application)]));
  return { status: 200, body: { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.passwordCredential', ...password, secretText } };
}

function remove(call: GraphCall): GraphAnswer {
  const application = applicationOf(call);
  const { keyId } = parseBody(call.body);
  if (typeof keyId !== 'string') throw badRequest("A value is required for property 'keyId'.");
  const rest = passwordsOf(application).filter((password) => password['keyId'] !== keyId.toLowerCase());
  if (rest.length === passwordsOf(application).length) throw badRequest(`No password credential found with keyId '${keyId}'.`);
  call.store.commit(having(application, rest));
  return NO_CONTENT;
}

function timeOf(text: string | undefined, property: string): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw errors.wrongType(property);
  return time;
}
