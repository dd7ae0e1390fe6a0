import type { ConflictStrategy } from '@wami/contracts';
import type { JSX } from 'preact';
import { Action } from './action';

const STRATEGIES: readonly (readonly [ConflictStrategy, string])[] = [
  ['overwrite', 'Take over, make as here'], ['merge', 'Take over, keep what it has'], ['skip', 'Leave both alone'],
];

interface Props {
  readonly resource: string;
  readonly provider: string;
  readonly account: string;
}

/** The ways in which somebody can settle a conflict. */
export function ResolveActions({ resource, provider, account }: Props): JSX.Element {
  return (
    <>
      {STRATEGIES.map(([strategy, label]) => (
        <Action
          key={strategy} label={label} line={`npx wami sync resolve ${resource} --provider ${provider} --account ${account} --strategy ${strategy}`}
          path="/v1/sync/resolve" body={{ resource, provider, account, strategy }}
        />
      ))}
    </>
  );
}
