import { limitExceeded, malformedPolicy } from './errors';

type Json = Readonly<Record<string, unknown>>;

const VERSIONS: ReadonlySet<unknown> = new Set([undefined, '2012-10-17', '2008-10-17']);
const ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_ELEMENTS = new Set(['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);
const PRINCIPALS = new Set(['AWS', 'Service', 'Federated']);
export const TRUST_SIZE = 2_048;
const ACTION = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;
const RESOURCE = /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/;

/** What IAM refuses of a document when it is stored: broken grammar (MalformedPolicyDocument) and too many characters (LimitExceeded). */
export function checkPolicyDocument(text: string, { quota, size }: { readonly quota: string; readonly size: number }): void {
  checkIdentityStatements(statementsOf(text));
  checkSize(text, quota, size);
}

/** The same of an inline policy; what several may hold together is the owner's quota. */
export function checkInlineDocument(text: string): void {
  checkIdentityStatements(statementsOf(text));
}

/** The same of a trust policy. Whether those whom it names are there is asked by `exists`. */
export function checkTrustPolicy(text: string, exists: (arn: string) => boolean): void {
  for (const statement of statementsOf(text)) checkTrustStatement(statement, exists);
  checkSize(text, 'ACLSizePerRole', TRUST_SIZE);
}

function checkTrustStatement(statement: Json, exists: (arn: string) => boolean): void {
  if ('Resource' in statement || 'NotResource' in statement) throw malformedPolicy('Has prohibited field Resource');
  if ('NotPrincipal' in statement) throw malformedPolicy('AssumeRolepolicy contained an invalid NotPrincipal');
  const principal = statement['Principal'];
  if (principal === undefined) throw malformedPolicy('Missing required field Principal');
  const actions = either(statement, 'Action', 'Missing required field Action');
  if (!actions.every((action) => /^sts:[A-Za-z*?]+$/i.test(action))) throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
  if (principal === '*') return;
  if (!isObject(principal) || !onlyKnown(principal, PRINCIPALS) || Object.keys(principal).length === 0) throw syntaxErrors();
  for (const [type, values] of Object.entries(principal)) {
    const wrong = ([] as unknown[]).concat(values).find((value) => typeof value !== 'string' || !isPrincipal(type, value, exists));
    if (wrong !== undefined) throw malformedPolicy(`Invalid principal in policy: "${type}":"${String(wrong)}"`);
  }
}

/** Users and roles of this account must be there; of others nothing is known here. */
function isPrincipal(type: string, value: string, exists: (arn: string) => boolean): boolean {
  if (type !== 'AWS') return value.length > 0;
  if (value === '*' || /^(\d{12}|arn:aws:iam::\d{12}:root|A[A-Z0-9]{15,})$/.test(value)) return true;
  return /^arn:aws:(iam::\d{12}:(user|role)\/|sts::\d{12}:assumed-role\/).+$/.test(value) && exists(value);
}

function checkSize(text: string, quota: string, size: number): void {
  // "IAM doesn't count white space when calculating the size of a policy" (IAM and AWS STS quotas).
  if (text.replace(/\s/g, '').length > size) throw limitExceeded(quota, size);
}

function statementsOf(text: string): readonly Json[] {
  const document = parsed(text);
  const statements = ([] as unknown[]).concat(document['Statement'] ?? []);
  if (!VERSIONS.has(document['Version']) || !onlyKnown(document, ELEMENTS) || statements.length === 0) throw syntaxErrors();
  return statements.map((statement) => {
    if (!isObject(statement) || !onlyKnown(statement, STATEMENT_ELEMENTS) || !['Allow', 'Deny'].includes(String(statement['Effect']))) throw syntaxErrors();
    return statement;
  });
}

function checkIdentityStatements(statements: readonly Json[]): void {
  const sids = statements.flatMap(({ Sid }) => (Sid === undefined ? [] : [String(Sid)]));
  if (sids.some((sid) => !/^[A-Za-z0-9]*$/.test(sid))) throw malformedPolicy('Statement IDs (SID) must be alpha-numeric.');
  if (new Set(sids).size < sids.length) throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  for (const statement of statements) {
    if ('Principal' in statement || 'NotPrincipal' in statement) throw malformedPolicy('Policy document should not specify a principal.');
    const actions = either(statement, 'Action', 'Policy statement must contain actions.');
    if (!actions.every((action) => ACTION.test(action))) throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    const wrong = either(statement, 'Resource', 'Policy statement must contain resources.').find((resource) => !RESOURCE.test(resource));
    if (wrong !== undefined) throw malformedPolicy(`Resource ${wrong} must be in ARN format or "*".`);
  }
}

/** The values of an element or of its negation; one of the two must be there. */
function either(statement: Json, name: string, missing: string): readonly string[] {
  const values = ([] as unknown[]).concat(statement[name] ?? statement[`Not${name}`] ?? []);
  if (values.length === 0) throw malformedPolicy(missing);
  if ((name in statement && `Not${name}` in statement) || !values.every((value) => typeof value === 'string')) throw syntaxErrors();
  return values as readonly string[];
}

function parsed(text: string): Json {
  try {
    const document: unknown = JSON.parse(text);
    if (isObject(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw syntaxErrors();
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const onlyKnown = (value: Json, known: ReadonlySet<string>): boolean => Object.keys(value).every((key) => known.has(key));
const syntaxErrors = (): Error => malformedPolicy('Syntax errors in policy.');
