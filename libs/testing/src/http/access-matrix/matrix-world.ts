import { apiOperations } from './api-operations';
import { Fixtures } from './fixtures';
import type { Side } from './sides';

export interface MatrixWorldOptions {
  /** Where the services answer; each serves its `/openapi.json`. */
  readonly origins: readonly string[];
  readonly administrator: string;
  /** What the other tenant is synced to, so that it has states too. */
  readonly targets: readonly { readonly provider: string; readonly account: string }[];
  /** Changes these users at the targets without WAMI, so that the other tenant has drift too. */
  readonly meddle: (userNames: readonly string[]) => Promise<void>;
}

/** The tenants of an access matrix, each with one of everything: whose the callers are, the other one, and a child of the other. Several runs share them. */
export interface MatrixWorld {
  readonly fixtures: Fixtures;
  readonly own: Side;
  readonly foreign: Side;
  readonly child: Side;
}

export async function openMatrixWorld(options: MatrixWorldOptions): Promise<MatrixWorld> {
  const fixtures = new Fixtures(await apiOperations(options.origins), options.administrator);
  const [own, bound] = await Promise.all([fixtures.side('own-tenant', 'own'), fixtures.side('foreign-tenant', 'canary').then((side) => fixtures.bound(side))]);
  await fixtures.synced(bound, options.targets);
  await fixtures.drifted(bound, options);
  const foreign = await fixtures.repaired(await fixtures.imported(bound, options.targets));
  // After what is asked about the tenant with its children: that names itself in the history of each.
  const child = await fixtures.repaired(await fixtures.side(`${bound.tenant}/child`, 'child'));
  await fixtures.synced(bound, options.targets);
  await fixtures.paused(foreign);
  await fixtures.planned(foreign);
  return { fixtures, own, foreign, child };
}
