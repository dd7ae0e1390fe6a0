import { conflictsQuerySchema, type ConflictsQueries } from '../conflicts/conflicts.query';
import { driftQuerySchema, type DriftQueries } from '../drift/drift.query';
import { eventsQuerySchema, filterOf, type EventsQueries } from '../events/events.query';
import { writeCursor } from '../http/paging';
import { providersQuerySchema, type ProvidersQueries } from '../providers/providers.query';
import { accessQuerySchema, type AccessQueries } from '../reports/access.query';
import { reportQuerySchema, type ReportQueries } from '../reports/report-queries';
import { resourcesQuerySchema, type ResourcesQueries, type ResourcesQuery } from '../resources/resources.query';
import { syncStatesQuerySchema, type SyncStatesQueries } from '../sync-states/sync-states.query';
import type { SyncSummaryQueries } from '../sync-states/sync-summary.query';
import { LARGE, TARGETS, tenantName, TENANTS } from './states-in-sql';

export interface Queries {
  readonly resources: ResourcesQueries;
  readonly states: SyncStatesQueries;
  readonly summary: SyncSummaryQueries;
  readonly conflicts: ConflictsQueries;
  readonly drift: DriftQueries;
  readonly providers: ProvidersQueries;
  readonly events: EventsQueries;
  readonly reports: ReportQueries;
  readonly access: AccessQueries;
}

/** One question, asked again and again about something else. `scope`: whose; '' is everything. */
export interface Case {
  readonly name: string;
  readonly scope: (n: number) => string;
  readonly ask: (queries: Queries, scope: string, n: number) => Promise<unknown>;
}

type Asked = Readonly<Record<string, string | readonly string[]>>;
type Question = readonly [name: string, ask: Case['ask']];

/** Spreads questions over what there is. */
const pick = (n: number, below: number): number => (n * 7919) % below;
const idOf = (r: number): string => `usr_${r.toString(16).padStart(26, '0')}`;
const FIRST = ['ann', 'ben', 'carla', 'dora', 'emil', 'fay', 'gus'];
const SYLLABLES = ['ba', 'co', 'di', 'fe', 'go', 'hu', 'ki'];

/** As the console asks for a page. */
const PAGE = { include: 'states', limit: '50' };

const resources = (query: (n: number) => Asked): Case['ask'] => (of, scope, n) => of.resources.list(scope, resourcesQuerySchema.parse(query(n)));
const states = (query: (n: number) => Asked): Case['ask'] => (of, scope, n) => of.states.list(scope, syncStatesQuerySchema.parse(query(n)));
const targetOf = (n: number): { readonly provider: string; readonly account: string } => {
  const [provider, account] = TARGETS[n % TARGETS.length] ?? ['', ''];
  return { provider, account };
};
const always = (query: Asked) => (): Asked => query;

function inTheMiddle(scope: string, id: string): ResourcesQuery {
  const query = resourcesQuerySchema.parse(PAGE);
  return { ...query, cursor: writeCursor({ ...query, tenant: scope, list: 'resources' }, ['0', `${scope || 't5'}/`, id, '']) };
}

function questions(count: number): readonly Question[] {
  const resource = (n: number): string => idOf(Math.floor(pick(n, count / TARGETS.length) / 10) * 10);
  return [
    ['resources', resources(always({ ...PAGE }))],
    ['resources, by kind', resources((n) => ({ ...PAGE, kind: ['user', 'group', 'role', 'service-account'][n % 4] ?? '' }))],
    ['resources, by state', resources((n) => ({ ...PAGE, state: ['Failed', 'Pending', 'Skipped', 'Synced', 'NotConfigured'][n % 5] ?? '' }))],
    ['resources, by kind and state', resources((n) => ({ ...PAGE, kind: ['role', 'group'][n % 2] ?? '', state: ['Failed', 'Skipped'][Math.floor(n / 2) % 2] ?? '' }))],
    ['resources, by error code', resources((n) => ({ ...PAGE, code: ['AccessDenied', 'Conflict', 'LimitExceeded', 'Timeout'][n % 4] ?? '' }))],
    ['resources, by tag', resources((n) => ({ ...PAGE, tag: `team=team-${pick(n, 2000)}` }))],
    ['resources, by a tag of many', resources((n) => ({ ...PAGE, tag: `cost=c${n % 10}` }))],
    ['resources, by path', resources((n) => ({ ...PAGE, path: `/department-${pick(n, 200)}/` }))],
    ['resources, search of a name', resources((n) => ({ ...PAGE, q: `${FIRST[n % 7] ?? ''}.${SYLLABLES[n % 7] ?? ''}${SYLLABLES[(n + 3) % 7] ?? ''}${SYLLABLES[(n + 5) % 7] ?? ''}` }))],
    ['resources, search of one letter', resources((n) => ({ ...PAGE, q: FIRST[n % 7]?.[0] ?? '' }))],
    ['resources, search of a first name', resources((n) => ({ ...PAGE, q: `${FIRST[n % 7] ?? ''}.${SYLLABLES[n % 7] ?? ''}` }))],
    ['resources, search of nothing that is there', resources((n) => ({ ...PAGE, q: `nobody-${n}` }))],
    ['resources, by kind, tag and state', resources((n) => ({ ...PAGE, kind: 'user', tag: `cost=c${n % 10}`, state: ['Failed', 'Pending', 'Synced'][n % 3] ?? '' }))],
    ['resources, by two tags', resources((n) => ({ ...PAGE, tag: [`cost=c${n % 10}`, `team=team-${pick(n, 2000)}`] }))],
    ['resources, search of a name and what few fit', resources((n) => ({ ...PAGE, q: FIRST[n % 7] ?? '', kind: 'role', state: 'Skipped' }))],
    ['resources, a page in the middle', (of, scope, n) => of.resources.list(scope, inTheMiddle(scope, resource(n)))],
    ['one resource and its states', async (of, scope, n) => { await of.resources.find(scope, { id: resource(n) }); await of.states.ofResource(resource(n)); }],
    ['history of a resource', (of, scope, n) => of.events.history(scope, resource(n), { limit: 100 })],
    ['states', states(always({}))],
    ['states, by state', states((n) => ({ state: ['Failed', 'Pending', 'Skipped', 'Synced', 'Syncing'][n % 5] ?? '' }))],
    ['states, by kind', states((n) => ({ kind: ['user', 'group', 'role'][n % 3] ?? '' }))],
    ['states, by target', states(targetOf)],
    ['states, by provider', states((n) => ({ provider: targetOf(n).provider }))],
    ['states, by account', states((n) => ({ account: targetOf(n).account }))],
    ['states, by target, kind and state', states((n) => ({ ...targetOf(n), kind: ['user', 'role'][n % 2] ?? '', state: ['Failed', 'Skipped', 'Pending'][n % 3] ?? '' }))],
    ['states, by provider, kind and state', states((n) => ({ provider: targetOf(n).provider, kind: ['group', 'role'][n % 2] ?? '', state: ['Synced', 'Pending', 'Syncing'][n % 3] ?? '' }))],
    ['states, search of a name', states((n) => ({ q: `${FIRST[n % 7] ?? ''}.${SYLLABLES[n % 7] ?? ''}${SYLLABLES[(n + 3) % 7] ?? ''}${SYLLABLES[(n + 5) % 7] ?? ''}` }))],
    ['summary', (of, scope) => of.summary.summary(scope)],
    ['providers', (of, scope) => of.providers.list(scope, providersQuerySchema.parse({}))],
    ['conflicts', (of, scope) => of.conflicts.list(scope, conflictsQuerySchema.parse({}))],
    ['conflicts, by target', (of, scope, n) => of.conflicts.list(scope, conflictsQuerySchema.parse(targetOf(n)))],
    ['drift', (of, scope) => of.drift.list(scope, driftQuerySchema.parse({}))],
    ['drift, open', (of, scope) => of.drift.list(scope, driftQuerySchema.parse({ state: 'open' }))],
    ['report of sync health', (of, scope) => of.reports.syncHealth(scope, reportQuerySchema.parse({}))],
    ['report of drift', (of, scope) => of.reports.drift(scope, reportQuerySchema.parse({}))],
    ['report of the service level', (of, scope) => of.reports.sla(scope, reportQuerySchema.parse({}))],
    ['report of credentials', (of, scope) => of.reports.credentials(scope, reportQuerySchema.parse({}))],
    ['report of access', (of, scope) => of.access.list(scope, scope, accessQuerySchema.parse({}))],
    ['report of access, by policy', (of, scope, n) => of.access.list(scope, scope, accessQuerySchema.parse({ policy: idOf(Math.floor(pick(n, count / TARGETS.length) / 40) * 40 + 19) }))],
    ['events, the newest', (of, scope) => of.events.list(filterOf(scope, {}), eventsQuerySchema.parse({ after: '-200', limit: '200' }))],
    ['events, by several types', (of, scope) => { const type = ['wami.group.created.v1', 'wami.user.updated.v1', 'wami.role.created.v1']; return of.events.list(filterOf(scope, { type }), eventsQuerySchema.parse({ type, limit: '200' })); }],
    ['events, by type', (of, scope) => of.events.list(filterOf(scope, { type: ['wami.group.created.v1'] }), eventsQuerySchema.parse({ after: '-200', type: 'wami.group.created.v1', limit: '200' }))],
  ];
}

const CALLERS: readonly (readonly [string, Case['scope']])[] = [
  ['the administrator', () => ''], ['a tenant with a fifth of all', () => LARGE], ['one of a thousand tenants', (n) => tenantName(pick(n, TENANTS))],
];

/** Every question of every caller. */
export const casesOf = (count: number): readonly Case[] => questions(count).flatMap(([name, ask]) => CALLERS.map(([who, scope]) => ({ name: `${name}: ${who}`, scope, ask })));
