import { checked } from '../declaration/check';
import { loadDeclaration } from '../declaration/load';
import { makePlan } from '../declaration/make-plan';
import type { Actual } from '../declaration/model';
import { observe } from '../declaration/observe';
import { ownRelations } from '../declaration/own-relations';
import type { Plan } from '../declaration/plan';
import { CliError, EXIT } from '../exit-codes';
import type { Context } from './context';

export interface PlanFlags {
  readonly file?: readonly string[];
  readonly prune?: boolean;
  readonly adopt?: boolean;
  readonly exitCode?: boolean;
}

/** The plan that brings WAMI to what the files say, checked by the server. @throws CliError with each mistake and its line */
export async function planned({ client }: Context, { file, prune = false, adopt = false }: PlanFlags): Promise<{ readonly plan: Plan; readonly actual: Actual }> {
  if (file === undefined) throw new CliError(EXIT.usage, 'No file is named.', 'Name one with -f: wami diff -f org.yaml');
  const declaration = loadDeclaration(file);
  const actual = await observe(client, declaration);
  const plan = await makePlan(declaration, actual, { prune, adopt }, ownRelations(client, declaration.name));
  return { plan: await checked(client, plan, actual), actual };
}

export const isEmpty = ({ changes, foreign }: Plan): boolean => changes.length === 0 && foreign.length === 0;
