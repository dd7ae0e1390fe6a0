import { driftItemSchema, explanationSchema, WORST_FIRST, type ExplainedTarget, type Explanation } from '@wami/contracts';
import type { JSX } from 'preact';
import { ApiError } from '../../api/client';
import { pageOf, resourceSchema } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { go, Link, usePlace, withQuery } from '../../router';
import { targetName } from '../../ui/chip';
import { mayChange } from '../../ui/may';
import { Command, Empty, Trouble } from '../../ui/notices';
import { useTitle } from '../../ui/title';
import { EditResource } from '../editing/edit-resource';
import { isEditable } from '../editing/kinds';
import { Actions } from './actions';
import { Fields } from './fields';
import { History } from './history';
import { isAbout } from './is-about';
import { TargetPanel } from './target';

/** One resource: what it is, whether each target agrees and why not, what can be done, and all that happened to it. */
export function Resource({ id }: { readonly id: string }): JSX.Element {
  // What it waits for, the settings of its tenant and pauses change the explanation as well.
  const { value, error } = useLive(id, (client, signal) => client.get(`/v1/resources/${id}/explain`, explanationSchema, { signal }));
  useTitle(value?.name ?? id);
  if (error instanceof ApiError && error.status === 404) return <NoResource id={id} />;
  return (
    <>
      <p><Link to="/r">All resources</Link></p>
      {value ? <Title {...value} /> : <h1>{id}</h1>}
      <Trouble error={error} />
      {value && <Targets explanation={value} />}
      {value && !value.deleted && <FieldsOf id={id} kind={value.kind} />}
      {value && <History id={id} kind={value.kind} />}
    </>
  );
}

function Title({ resource, arn, kind, tenant, name, version, deleted, text, targets }: Explanation): JSX.Element {
  const worst = worstOf(targets);
  return (
    <>
      <div class="title"><h1 class="name">{name === '' ? resource : name}</h1><span class="quiet">{kind}{deleted && ', deleted'}</span></div>
      <p class="why">{sentence(text)}{worst && `. ${targetName(worst)}: ${worst.plan.text.replace(/\.$/, '')}`}.</p>
      <dl class="facts">
        <div><dt>Tenant</dt><dd><Link to={`/r?tenant=${encodeURIComponent(tenant)}`}>{tenant}</Link></dd></div>
        <div><dt>Version</dt><dd>{version}</dd></div>
        <div><dt>ARN</dt><dd><code>{arn}</code></dd></div>
      </dl>
    </>
  );
}

/** The one that agrees least, where one does not. */
function worstOf(targets: Explanation['targets']): ExplainedTarget | undefined {
  const rank = ({ state }: ExplainedTarget): number => (state ? WORST_FIRST.indexOf(state.state) : WORST_FIRST.length);
  const worst = [...targets].sort((a, b) => rank(a) - rank(b))[0];
  return worst?.state && worst.state.state !== 'Synced' ? worst : undefined;
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const driftSchema = pageOf(driftItemSchema);

function Targets({ explanation: { resource, targets, deleted } }: { readonly explanation: Explanation }): JSX.Element {
  const { value: drift } = useLive(resource, (client, signal) => client.get('/v1/drift', driftSchema, { query: { resource, limit: 1000 }, signal }), isAbout(resource));
  return (
    <section class="section" aria-labelledby="targets">
      <h2 id="targets">Targets</h2>
      {targets.length === 0 && <div class="panel"><Empty title={deleted ? 'No target holds it any more.' : 'No target is asked for, so nothing is synced.'}>{!deleted && <Command line="npx wami tenant sync-config --help" />}</Empty></div>}
      {targets.map((target) => <TargetPanel key={`${target.provider}/${target.account}`} resource={resource} target={target} drift={drift?.items.find((one) => one.resource === resource && targetName(one) === targetName(target))} />)}
      {targets.length > 1 && <div class="panel padded"><Actions resource={resource} /></div>}
    </section>
  );
}

const foundSchema = pageOf(resourceSchema);

function FieldsOf({ id, kind }: { readonly id: string; readonly kind: string }): JSX.Element {
  const { who: { role } } = useConsole();
  const place = usePlace();
  const { value } = useLive(id, (client, signal) => client.get('/v1/resources', foundSchema, { query: { q: id, include: 'document' }, signal }), isAbout(id));
  const mayEdit = isEditable(kind) && mayChange(role);
  return (
    <section class="section" aria-labelledby="fields">
      <div class="title"><h2 id="fields">Fields</h2>{mayEdit && !place.query.has('edit') && <Link to={withQuery(place, { edit: 'fields' })}>Edit</Link>}</div>
      {mayEdit && place.query.has('edit') ? <EditResource id={id} kind={kind} done={() => go(withQuery(place, { edit: '' }))} /> : <Fields document={value?.items[0]?.document ?? {}} />}
    </section>
  );
}

function NoResource({ id }: { readonly id: string }): JSX.Element {
  useTitle('No such resource');
  return <><h1>No such resource</h1><Empty title={`There is no ${id}, or the token may not see it.`}><Link to="/r">All resources</Link></Empty></>;
}
