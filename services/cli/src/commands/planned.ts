import type { Client } from '../api/client';
import { asItWas } from '../declaration/as-it-was';
import { checked } from '../declaration/check';
import { loadDeclaration } from '../declaration/load';
import { makePlan } from '../declaration/make-plan';
import type { Actual } from '../declaration/model';
import { observe, observeAll } from '../declaration/observe';
import { ownRelations } from '../declaration/own-relations';
import type { Plan } from '../declaration/plan';
import { CliError, EXIT } from '../exit-codes';
import { organisationAt } from './at-time';
import type { Context } from './context';

export interface PlanFlags {
  readonly file?: readonly string[];
  /** A position or a time, instead of a file. */
  readonly at?: string;
  readonly prune?: boolean;
  readonly adopt?: boolean;
  readonly exitCode?: boolean;
}

interface Planned {
  readonly plan: Plan;
  readonly actual: Actual;
}

/** The plan that brings WAMI to what the files say, or to what it held then, checked by the server. @throws CliError with each mistake and its line */
export async function planned({ client }: Context, { file, at, prune = false, adopt = false }: PlanFlags): Promise<Planned> {
  if (at !== undefined) {
    if (file !== undefined || prune || adopt) throw new CliError(EXIT.usage, '--at is instead of a file.', 'Leave out --file, --prune and --adopt: what stood then is all that is to be, whoever made it.');
    return plannedAt(client, at);
  }
  if (file === undefined) throw new CliError(EXIT.usage, 'No file is named.', 'Name one with -f: wami diff -f org.yaml, or a time with --at');
  const declaration = loadDeclaration(file);
  const actual = await observe(client, declaration);
  const plan = await makePlan(declaration, actual, { prune, adopt }, ownRelations(client, declaration.name));
  return { plan: await checked(client, plan, actual), actual };
}

async function plannedAt(client: Client, at: string): Promise<Planned> {
  const then = await organisationAt(client, at);
  // Also what is outside of the tenant: parents of tenants and inherited policies are looked for by name.
  const { declaration, actual } = asItWas(then, await observeAll(client, undefined), client.settings.tenant);
  const plan = await makePlan(declaration, actual, { prune: true, adopt: true }, () => Promise.resolve(true));
  return { plan: await checked(client, plan, actual), actual };
}

export const isEmpty = ({ changes, foreign }: Plan): boolean => changes.length === 0 && foreign.length === 0;
