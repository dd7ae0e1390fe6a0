import type { ConflictItem } from '@wami/contracts';
import type { JSX } from 'preact';
import { Link } from '../../router';
import { Ago } from '../../ui/ago';
import { Chip, targetName } from '../../ui/chip';
import { Prose } from '../../ui/notices';
import { ResolveActions } from '../../ui/resolve-actions';
import { SideBySide } from '../../ui/side-by-side';
import { sidesOf } from './sides';

export function Conflict({ item }: { readonly item: ConflictItem }): JSX.Element {
  const { resource, kind, tenant, state, reason, hint, since, ours: { name } } = item;
  const at = targetName(item);
  return (
    <article class="panel padded" aria-label={`${name === '' ? resource : name} at ${at}`}>
      <div class="title">
        <h3><Link to={`/r/${resource}`} data-row>{name === '' ? resource : name}</Link></h3>
        <span class="quiet">{kind} of {tenant}, at {at}, since <Ago time={since} /></span>
        <Chip state={state} />
      </div>
      <p class="why">{reason}</p>
      <SideBySide columns={['Where', 'Ours', 'What stands there']} rows={sidesOf(item)} />
      {hint !== undefined && <p class="hint">→ <Prose text={hint} /></p>}
      <div class="actions"><ResolveActions {...item} /></div>
    </article>
  );
}
