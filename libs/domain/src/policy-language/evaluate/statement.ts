import { coversArn } from '../match/arn';
import { literalTokens, matchesGlob } from '../match/glob';
import { patternOf } from '../match/tokens';
import type { Listed, PolicyVersion, Statement } from '../model';
import { conditionHolds } from './condition';
import type { RequestContext } from './context';

export interface Asked {
  readonly action: string;
  /** The names of the one resource that is asked for. */
  readonly resources: readonly string[];
  readonly context: RequestContext;
}

/** True where action, resource and every condition of a statement apply; who asks is not looked at. */
export function statementApplies(statement: Statement, version: PolicyVersion, { action, resources, context }: Asked): boolean {
  if (!actionApplies(statement.actions, action, context)) return false;
  if (!resourceApplies(statement.resources, version, resources, context)) return false;
  // All are asked, so that every missing key is noted.
  return statement.conditions.filter((condition) => !conditionHolds(condition, version, context)).length === 0;
}

/** "The prefix and the action name are case insensitive." */
function actionApplies({ negated, entries }: Listed<string>, action: string, { work }: RequestContext): boolean {
  return entries.some((entry) => {
    work.spendOnMatch(entry.length, action.length);
    return matchesGlob(entry.toLowerCase(), action.toLowerCase());
  }) !== negated;
}

/** "The resource that includes a policy variable with no value will not match any resource", in NotResource as well. */
function resourceApplies(listed: Listed<string> | undefined, version: PolicyVersion, names: readonly string[], context: RequestContext): boolean {
  if (!listed) return true;
  const subjects = names.map(literalTokens);
  const matches = listed.entries.some((entry) => {
    const pattern = patternOf(entry, version, (key) => context.single(key));
    return pattern !== undefined && subjects.some((subject) => {
      context.work.spendOnMatch(pattern.length, subject.length);
      return coversArn(pattern, subject);
    });
  });
  return matches !== listed.negated;
}
