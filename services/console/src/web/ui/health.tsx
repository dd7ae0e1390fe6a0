import type { TargetHealth } from '@wami/contracts';
import type { JSX } from 'preact';
import { HEALTH_WORDS } from './target-health';

/** Whether a target can be called, which is another thing than whether it agrees. */
export function Health({ health }: { readonly health: TargetHealth }): JSX.Element {
  const [symbol, word, look] = HEALTH_WORDS[health];
  return <span class={`chip ${look}`}><span aria-hidden="true">{symbol}</span> {word}</span>;
}
