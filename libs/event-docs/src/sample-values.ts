import { membershipId, type EventMeta } from '@wami/contracts';
import type { Json } from './json';

const TENANT = 'ten_01JZW4M8T0ACME000000000001';
const USER = 'usr_01JZW4M8T0ANN0000000000001';
const GROUP = 'grp_01JZW4M8T0ADM1NS0000000001';
const JOB = 'job_01JZW4M8T0JB00000000000001';
const PAUSE = 'pau_01JZW4M8T0PAVSE00000000001';
const PLAN = 'pln_01JZW4M8T0PLAN000000000001';
const REPAIR = 'rep_01JZW4M8T0REPA1R0000000001';
const APPROVAL = 'apr_01JZW4M8T0APPR0VA10000001';
const DEAD_LETTERS = 'dlr_01JZW4M8T0PARKED0000000001';
const API_KEY = 'key_01JZW4M8T0KEY0000000000001';
const POLICY = 'pol_01JZW4M8T0READ000000000001';
export const TARGET = { provider: 'aws', account: '000000000001' } as const;

const arn = (id: string): string => `arn:wami:iam:acme:wami:local:${id}`;

/** Where the events of an aggregate stand, where its name alone does not tell. */
export const PLACES: Readonly<Record<string, { readonly stream: string; readonly key: string; readonly subject: string }>> = {
  tenant: { stream: TENANT, key: TENANT, subject: arn(`tenant/${TENANT}`) },
  user: { stream: USER, key: USER, subject: arn(`user/${USER}`) },
  group: { stream: GROUP, key: GROUP, subject: arn(`group/${GROUP}`) },
  'api-key': { stream: API_KEY, key: API_KEY, subject: arn(`api-key/${API_KEY}`) },
  policy: { stream: POLICY, key: POLICY, subject: arn(`policy/${POLICY}`) },
  membership: { stream: membershipId(GROUP, USER), key: USER, subject: arn(`user/${USER}`) },
  attachment: { stream: `att_${POLICY.slice(4)}_${USER.slice(4)}`, key: USER, subject: arn(`user/${USER}`) },
  'sync-job': { stream: JOB, key: JOB, subject: arn(`tenant/${TENANT}`) },
  pause: { stream: PAUSE, key: USER, subject: arn(`pause/${PAUSE}`) },
  plan: { stream: PLAN, key: PLAN, subject: arn(`plan/${PLAN}`) },
  repair: { stream: REPAIR, key: REPAIR, subject: arn(`repair/${REPAIR}`) },
  approval: { stream: APPROVAL, key: APPROVAL, subject: arn(`approval/${APPROVAL}`) },
  'dead-letters': { stream: DEAD_LETTERS, key: DEAD_LETTERS, subject: arn(`dead-letter/${DEAD_LETTERS}`) },
  import: { stream: JOB, key: JOB, subject: arn(`sync-job/${JOB}`) },
  sync: { stream: `${TARGET.provider}/${TARGET.account}/${USER}`, key: USER, subject: arn(`user/${USER}`) },
};

export const SAMPLE_META: EventMeta = {
  actor: 'admin', correlationId: 'req_01JZW4M8T0REQ0000000000001', causationId: 'evt_01JZW4M8T0CAVSE00000000001',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', single: true,
};

const POLICY_DOCUMENT: Json = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' }] };
const TRUST: Json = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };

/** Values by the name of a field, where its schema says less than people expect. */
export const FIELD_SAMPLES: Readonly<Record<string, Json>> = {
  ...TARGET, tags: { team: 'core' }, quotas: { user: 100 }, metadata: { costCentre: '7001' }, details: { requestId: '7d2f' }, path: '/',
  document: POLICY_DOCUMENT, inlinePolicies: { 'read-reports': POLICY_DOCUMENT, old: null }, federation: { github: { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/shop:ref:refs/heads/main' }, old: null }, trustPolicy: TRUST, oidc: { url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com'] }, saml: { metadata: '<EntityDescriptor entityID="https://idp.example.com"/>' }, providerDocuments: { aws: POLICY_DOCUMENT }, permissionsBoundary: POLICY,
  tenantId: TENANT, userId: USER, groupId: GROUP, policyId: POLICY, ownerId: USER, resource: USER, resources: [USER], job: JOB, jobs: [JOB], plan: PLAN, repair: REPAIR, within: 'acme', upTo: '1001.1', differs: ['email'], scope: 'acme', tenant: 'acme',
  kind: 'user', pausedBy: PAUSE, together: [PAUSE], until: '2026-01-03T03:04:05.678Z', intent: '1001.1', userName: 'ann', previousUserName: 'anna', displayName: 'Ann', email: 'ann@example.com', groupName: 'admins',
  previousGroupName: 'engineers', nativeArn: 'arn:aws:iam::000000000001:user/ann', providerResourceId: 'AIDA0000000000000ANN1', attempt: 1, version: 1,
  hash: 'qL8bT0o3mVvE5x2dJ1yZ9cWfR6hKsNuPaG4iXtDkB7M', previousUntil: '2026-01-03T03:04:05.678Z', expiresAt: '2026-07-02T00:00:00.000Z',
  schedule: 'PT6H', differences: [{ at: 'tags/team', expected: 'core', found: 'sales' }], changes: [{ field: 'tags.team', from: 'core', to: 'infra' }], message: 'Rate exceeded', code: 'Throttled', maxSessionDuration: 3600, baseDelayMs: 500, maxDelayMs: 60_000, maxRetries: 8, counts: { create: 2, delete: 1 },
};
