import type { ExplainedTarget } from '@wami/contracts';
import type { JSX } from 'preact';
import { Action } from '../../ui/action';
import { ResolveActions } from '../../ui/resolve-actions';

interface Props {
  readonly resource: string;
  /** Left out: at every target. */
  readonly target?: ExplainedTarget;
}

/** What somebody can do about it, each with the command that does the same. */
export function Actions({ resource, target }: Props): JSX.Element {
  const { provider, account, state } = target ?? {};
  const label = state?.state === 'Failed' ? 'Retry now' : target ? 'Sync now' : 'Sync now everywhere';
  return (
    <div class="actions">
      <Action
        label={label} line={`npx wami sync now ${resource}${provider === undefined ? '' : ` --provider ${provider}`}`}
        path="/v1/sync" body={{ resources: [resource], ...(provider === undefined ? {} : { providers: [provider] }) }}
      />
      {provider !== undefined && account !== undefined && state?.state === 'Failed' && state.error.code === 'Conflict' && <ResolveActions resource={resource} provider={provider} account={account} />}
    </div>
  );
}
