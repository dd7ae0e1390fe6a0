import type { ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import { Link } from '../../router';
import { abilitiesText } from './target-text';

/** Kind by kind: whether it can be held or why not, and what is left alone there and why. */
export function Kinds({ target: { capabilities, skipped } }: { readonly target: ProviderTargetView }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">Kind</th><th scope="col">Held</th><th scope="col">What of it, or why not</th><th scope="col">Left alone</th></tr></thead>
        <tbody>
          {capabilities.map((one) => (
            <tr key={one.kind}>
              <th scope="row" class="narrow">{one.kind}</th>
              <td class="narrow">{one.supported ? <span class="ok">✓ yes</span> : <span class="not">– no</span>}</td>
              <td>{one.supported ? abilitiesText(one) : one.reason}</td>
              <td>{skipped.filter(({ kind }) => kind === one.kind).map(({ kind, reason, count }) => <p key={reason}><Link to={`/r?kind=${kind}&state=Skipped`}>{count}</Link> {reason}</p>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
