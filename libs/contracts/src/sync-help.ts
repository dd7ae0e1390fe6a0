import { knownReason } from './sync-reasons';
import type { SyncErrorCode, SyncState } from './sync-state';

export interface SyncErrorHelp {
  /** When a binding fails so. */
  readonly meaning: string;
  /** What is done without anybody's doing, while it is tried again. */
  readonly byItself?: string;
  /** What an operator can do. */
  readonly remedy: string;
}

/** For states and docs/errors.md: every code needs its words. */
export const SYNC_ERROR_HELP: Readonly<Record<SyncErrorCode, SyncErrorHelp>> = {
  AlreadyExists: { meaning: 'The cloud says that it is there, and a look did not find it.', remedy: 'Look for the name in the cloud, delete or rename what has it, then `wami sync retry` (`POST /v1/sync/retry`).' },
  Conflict: {
    meaning: 'Something else has the name, or somebody changed the same thing at the same moment.', byItself: 'It is tried again after a look.',
    remedy: 'See both with `wami conflicts`, and decide with `wami sync resolve` (`POST /v1/sync/resolve`), or rename one of the two.',
  },
  NotFound: {
    meaning: 'What it was to change, or the other end of a relation, is not there any more.', byItself: 'The next try looks first and makes again what is gone.',
    remedy: 'See what the message names in the cloud, and compare all of it: `POST /v1/sync` with the resource.',
  },
  DependencyNotReady: {
    meaning: 'Something that it needs, or that was just made, cannot be seen yet.', byItself: 'It is tried again.', remedy: 'See what the message names, at this target and in the cloud.',
  },
  AccessDenied: {
    meaning: 'The credentials of the connection are valid and may not do this.',
    remedy: 'Give them the permission that the message names (`wami provider check` lists what else is denied), then `wami sync retry --code AccessDenied` (`POST /v1/sync/retry` with `{"filter": {"code": "AccessDenied"}}`).',
  },
  AuthExpired: {
    meaning: 'The cloud rejected the credentials of the connection, or they are of another account. The whole target rests meanwhile, and no attempt is used up.',
    remedy: 'Renew the credentials in the connections file, or where it points to: the file is read again by itself, and the target is tried with growing pauses until they are accepted, or at once by `wami provider check` (`POST /v1/sync/check`).',
  },
  Throttled: {
    meaning: 'The cloud asks for fewer calls.', byItself: 'It is tried again when the cloud said.', remedy: 'Lower `limits` of the connection, or have the quota of the cloud raised.',
  },
  LimitExceeded: {
    meaning: 'A quota of the cloud is used up, such as users in an account or policies on a user.',
    remedy: 'Delete what is not needed there, or have the quota raised, then `wami sync retry --code LimitExceeded` (`POST /v1/sync/retry` with `{"filter": {"code": "LimitExceeded"}}`).',
  },
  InvalidRequest: { meaning: 'The cloud does not allow what is asked for; the message says which field.', remedy: 'Change the resource as the message says: the change is synced by itself.' },
  Unsupported: { meaning: 'The cloud, or this endpoint of it, cannot do this.', remedy: 'Leave out what it cannot hold, or leave the provider out with `syncToProviders`.' },
  Unavailable: { meaning: 'The cloud is not able to answer now.', byItself: 'It is tried again with growing pauses.', remedy: 'See the status page of the cloud.' },
  NetworkError: {
    meaning: 'The cloud could not be reached, or the connection to it broke.', byItself: 'It is tried again with growing pauses.',
    remedy: 'Check network and proxy of the sync service, and the `endpoint` of the connection.',
  },
  Timeout: {
    meaning: 'The cloud did not answer in time; what was asked may have been done.', byItself: 'The next try looks what was done before it does anything.',
    remedy: 'See whether the cloud is slow, and whether the network between it and the sync service is.',
  },
  Internal: { meaning: 'A fault of ours or of the cloud.', byItself: 'It is tried again, after a look.', remedy: 'Report it with the log of the sync service.' },
};

/** Said of a binding that only has to wait for its turn. */
export const IN_LINE = 'in line at the target';

/** What makes a state go that is not Synced, for an operator. Undefined for Synced. Reads only what the state says, so what was said long ago has it too. */
export function hintOf(state: SyncState): string | undefined {
  switch (state.state) {
    case 'Synced': return undefined;
    case 'Syncing': return 'Nothing to do: a call is under way and has a time limit. If it stays, see whether the sync service of the provider is running.';
    case 'Pending': return knownReason(state.reason ?? '')?.remedy
      ?? 'Nothing to do: it is looked at when its turn comes. If it stays, see whether the sync service of the provider is running and the target well.';
    case 'Failed': return hintOfFailure(state);
    case 'Skipped': return knownReason(state.reason)?.remedy ?? 'The provider cannot hold this as it is: change what the reason says, or leave the provider out with `syncToProviders`.';
    case 'NotConfigured': return knownReason(state.reason ?? '')?.remedy ?? 'Ask for the target in the sync-config of the tenant, and have the operator add a connection that allows it.';
  }
}

function hintOfFailure({ error: { code, message, retryable }, nextRetryAt, retryCount }: Extract<SyncState, { state: 'Failed' }>): string {
  const { byItself, remedy } = SYNC_ERROR_HELP[code];
  const known = knownReason(message)?.remedy;
  if (known !== undefined) return known;
  if (nextRetryAt !== undefined) return byItself === undefined ? remedy : `Nothing to do yet: ${byItself} If it stays: ${remedy}`;
  return retryable ? `All of its ${retryCount + 1} tries are used up. ${remedy} Then \`wami sync retry\` (\`POST /v1/sync/retry\`).` : remedy;
}

/** The state as it is shown: with a reason wherever it is not Synced, and what makes it go. */
export function shownSyncState<S extends SyncState>(state: S): S {
  const hint = hintOf(state);
  if (hint === undefined) return state;
  return { ...(state.state === 'Pending' && state.reason === undefined ? { ...state, reason: IN_LINE } : state), hint };
}
