import { accessKeys } from '../access-keys/access-keys.projection';
import { approvals } from '../approvals/approvals.projection';
import { deadLetters } from '../dead-letters/dead-letters.projection';
import { drift } from '../drift/drift.projection';
import { imports } from '../imports/imports.projection';
import { jobs } from '../jobs/jobs.projection';
import { mfaDevices } from '../mfa-devices/mfa-devices.projection';
import { loginProfiles } from '../login-profiles/login-profiles.projection';
import { plans } from '../plans/plans.projection';
import { repairs } from '../repairs/repairs.projection';
import { resources } from '../resources/resources.projection';
import { syncStates } from '../sync-states/sync-states.projection';
import { pauses } from '../pauses/pauses.projection';
import { targets } from '../providers/targets.projection';
import { relations } from '../reports/relations.projection';
import type { ReadModel } from './read-model';

/** Every read model, each with tables of its own; they know nothing of each other. */
export const READ_MODELS: readonly ReadModel[] = [resources, syncStates, jobs, pauses, plans, imports, repairs, approvals, drift, targets, relations, deadLetters, accessKeys, loginProfiles, mfaDevices];
