import type { GroupRecord } from '../directory-state';
import { invalidArgument, permissionDenied } from '../errors';
import type { Directory } from './operation';

type Matches = (group: GroupRecord) => boolean;
const TEXT = String.raw`'((?:[^'\\]|\\.)*)'`;
const PARENT = new RegExp(`^parent == ${TEXT}$`);
const EQUAL = new RegExp(`^(group_key|display_name|domain_name) == ${TEXT}$`);
const PART = new RegExp(`^(group_key|display_name)\\.(startsWith|contains)\\(${TEXT}\\)$`);
const MEMBER = new RegExp(`^member_key_id == ${TEXT}$`);
const LABELLED = new RegExp(`^${TEXT} in labels$`);

/** A query of groups.search as its reference describes it: clauses joined by `&&`, the parent among them. */
export function searchOf(query: string, { customer }: Directory): Matches {
  const clauses = clausesOf(query);
  const parent = clauses.flatMap((clause) => PARENT.exec(clause)?.[1] ?? []);
  if (parent.length !== 1) throw invalidArgument('The query must contain an equality operator on the parent.');
  if (parent[0] !== `customers/${customer}`) throw permissionDenied('cloudidentity', '', parent[0] ?? '');
  const rest = clauses.filter((clause) => !PARENT.test(clause)).map(clauseOf);
  return (group) => rest.every((matches) => matches(group));
}

const clausesOf = (query: string): string[] => query.split('&&').map((clause) => clause.trim());

/** Of a query of searchDirectGroups: whose groups, and which label they have. Both must be said (its reference). */
export function directGroupsOf(query: string): { readonly member: string; readonly label: string } {
  const clauses = clausesOf(query);
  const [member, label] = [MEMBER, LABELLED].map((pattern) => clauses.flatMap((clause) => pattern.exec(clause)?.[1] ?? [])[0]);
  if (clauses.length !== 2 || member === undefined || label === undefined) throw invalidArgument('The query must specify a member and a label.');
  return { member: spoken(member, 'member_key_id'), label };
}

function clauseOf(clause: string): Matches {
  const [, label] = LABELLED.exec(clause) ?? [];
  if (label !== undefined) return ({ labels }) => labels.includes(label);
  const [, whole, equal = ''] = EQUAL.exec(clause) ?? [];
  if (whole !== undefined) return (group) => valueOf(group, whole) === spoken(equal, whole);
  const [, field, verb, part = ''] = PART.exec(clause) ?? [];
  if (field === undefined) throw invalidArgument(`Invalid query: ${clause}`);
  return (group) => (verb === 'contains' ? valueOf(group, field).includes(spoken(part, field)) : valueOf(group, field).startsWith(spoken(part, field)));
}

function valueOf({ email, displayName }: GroupRecord, field: string): string {
  if (field === 'display_name') return displayName;
  return field === 'group_key' ? email : email.slice(email.indexOf('@') + 1);
}

/** Addresses and domains know no capitals. */
function spoken(text: string, field: string): string {
  const plain = text.replace(/\\(.)/g, '$1');
  return field === 'display_name' ? plain : plain.toLowerCase();
}
