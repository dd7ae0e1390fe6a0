import { Injectable } from '@nestjs/common';
import { accountSchema, knownReason, providerNameSchema, type Explanation, type SyncConfig, type SyncState, type Target } from '@wami/contracts';
import { wantedTargets } from '@wami/domain';
import { z } from 'zod';
import type { ResourceItem } from '../resources/resources.query';
import { SyncStatesQueries } from '../sync-states/sync-states.query';
import { changesSince } from './changes-since';
import { ExplainReads, holds, type SeenPause } from './explain-reads';
import { nameOf, standing, type About, type Known } from './known';
import { settingsTold } from './settings-told';
import { explained } from './steps';

export const explainQuerySchema = z.strictObject({
  provider: providerNameSchema.optional().describe('Only targets of this provider.'),
  account: accountSchema.optional().describe('Only this account; with `provider` also one that nobody asks for.'),
});
export type ExplainQuery = z.infer<typeof explainQuerySchema>;

/** Events of one resource that are compared; more are too many to fold for one answer. */
const MOST_EVENTS = 2000;

/** Says why a resource is as it is, from what is on record. `scope`: the caller's tenant, who may see the resource. */
@Injectable()
export class ExplainQueries {
  constructor(private readonly reads: ExplainReads, private readonly states: SyncStatesQueries) {}

  async explain(scope: string, { id, arn, kind, tenant, name, version, deleted }: ResourceItem & { readonly deleted: boolean }, query: ExplainQuery, now = Date.now()): Promise<Explanation> {
    const [line, syncToProviders, map, pauses, intent] = await Promise.all([
      this.reads.line(tenant), this.reads.narrowing(id), this.states.ofResource(id), this.reads.pauses(tenant, id, now), this.reads.intent(id, MOST_EVENTS),
    ]);
    const about: About = { id, kind, tenant, version, deleted, syncToProviders };
    const { config, settings } = settingsTold(line, scope);
    const states = Object.values(map).flatMap((accounts) => Object.values(accounts));
    const targets = targetsOf(query, about, config, states);
    const successes = await this.reads.successes(id, targets);
    const known = await Promise.all(targets.map(async (target): Promise<Known> => {
      const { first, last } = successes.get(nameOf(target)) ?? {};
      const state = states.find((one) => isSame(one, target));
      const changed = intent && changesSince(intent, standing({ last }) && { version: last?.version ?? 0, intent: last?.intent ?? '0.0' });
      return { about, target, state, config, settings, first, last, changed, pauses: heldBy(pauses, about, target), ...(await this.around(scope, state, target, now)) };
    }));
    return { resource: id, arn, kind, tenant, name, version, deleted, text: summary(about, known), targets: known.map(explained) };
  }

  /** What a state that is not Synced has to do with others at its target. */
  private async around(scope: string, state: SyncState | undefined, target: Target, now: number): Promise<Pick<Known, 'restsUntil' | 'quarantined' | 'waiting' | 'awaited'>> {
    if (state?.state !== 'Pending' && state?.state !== 'Failed') return { restsUntil: undefined, quarantined: undefined, waiting: 0, awaited: undefined };
    const waits = state.state === 'Pending' || state.nextRetryAt !== undefined;
    const [{ waiting, restsUntil }, awaited, quarantined] = await Promise.all([this.reads.queue(scope, target, now), this.awaited(state, target), waits ? this.reads.quarantined(target) : undefined]);
    return { waiting, restsUntil, quarantined, awaited };
  }

  private async awaited(state: SyncState, target: Target): Promise<Known['awaited']> {
    const [, kind, resource] = /^([a-z-]+)\/(\S+)$/.exec(state.state === 'Pending' && state.pausedBy === undefined ? knownReason(state.reason ?? '')?.said[0] ?? '' : '') ?? [];
    return kind === undefined || resource === undefined ? undefined : { kind, resource, ...(await this.reads.stateAt(resource, target)) };
  }
}

/** Where it is asked for, where a state of it is known, and the one that the caller names. */
function targetsOf({ provider, account }: ExplainQuery, { syncToProviders, deleted }: About, config: SyncConfig, states: readonly SyncState[]): Target[] {
  const named = provider !== undefined && account !== undefined ? [{ provider, account }] : [];
  const all = [...(deleted ? [] : wantedTargets(config, syncToProviders)), ...states, ...named].map((target): Target => ({ provider: target.provider, account: target.account }));
  const one = new Map(all.map((target) => [nameOf(target), target]));
  return [...one.values()].filter((target) => (provider ?? target.provider) === target.provider && (account ?? target.account) === target.account)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

const isSame = (a: Target, b: Target): boolean => a.provider === b.provider && a.account === b.account;

/** The one that lasts longest comes first: nothing goes on before it is over. */
function heldBy(pauses: readonly SeenPause[], { id, tenant }: About, target: Target): Known['pauses'] {
  return pauses.filter((pause) => holds(pause, tenant, target, id)).map(({ told }) => told).sort((a, b) => ((a.until ?? '~') > (b.until ?? '~') ? -1 : 1));
}

function summary({ tenant, deleted }: About, known: readonly Known[]): string {
  if (known.length === 0) return deleted ? 'deleted, and no target holds anything of it that is to go' : `no target is asked for: neither ${tenant} nor a tenant above has a provider in its sync-config that this resource lets through`;
  const agreeing = known.filter(({ state }) => state?.state === 'Synced').length;
  return agreeing === known.length ? 'agrees with every target' : `agrees with ${agreeing} of ${known.length} targets`;
}
