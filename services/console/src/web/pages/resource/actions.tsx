import type { ConflictStrategy, ExplainedTarget } from '@wami/contracts';
import type { JSX } from 'preact';
import { Action } from '../../ui/action';

const STRATEGIES: readonly (readonly [ConflictStrategy, string])[] = [
  ['overwrite', 'Take over, make as here'], ['merge', 'Take over, keep what it has'], ['skip', 'Leave both alone'],
];

interface Props {
  readonly resource: string;
  /** Left out: at every target. */
  readonly target?: ExplainedTarget;
}

/** What somebody can do about it, each with the command that does the same. */
export function Actions({ resource, target }: Props): JSX.Element {
  const failed = target?.state?.state === 'Failed';
  const { provider, account } = target ?? {};
  const at = provider === undefined ? '' : ` --provider ${provider}`;
  return (
    <div class="actions">
      <Action
        label={failed ? 'Retry now' : target ? 'Sync now' : 'Sync now everywhere'} line={`npx wami sync now ${resource}${at}`}
        path="/v1/sync" body={{ resources: [resource], ...(provider === undefined ? {} : { providers: [provider] }) }}
      />
      {target && isConflict(target) && STRATEGIES.map(([strategy, label]) => (
        <Action
          key={strategy} label={label} line={`npx wami sync resolve ${resource}${at} --account ${account} --strategy ${strategy}`}
          path="/v1/sync/resolve" body={{ resource, provider, account, strategy }}
        />
      ))}
    </div>
  );
}

function isConflict({ state }: ExplainedTarget): boolean {
  return state?.state === 'Failed' && state.error.code === 'Conflict';
}
