import { planViewSchema, startedPlanSchema, type ExplainedTarget, type PlanView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { readable } from '../../api/readable';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link } from '../../router';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { maySync } from '../../ui/may';
import { Command, Trouble } from '../../ui/notices';
import { Told } from '../../ui/told';
import { useWrite } from '../editing/use-write';
import { isOfPlans } from '../plans/plans';
import { threeSides } from './three-sides';

interface Props {
  readonly resource: string;
  readonly target: ExplainedTarget;
}

const NO_FIELDS = [] as const;

/** Has the cloud asked what stands there now; nothing is written. It is a plan for this one alone. */
export function LookNow({ resource, target }: Props): JSX.Element | null {
  const { client, who } = useConsole();
  const { error, wrong, write } = useWrite(NO_FIELDS);
  const [plan, setPlan] = useState<string>();
  if (!maySync(who.role)) return null;
  const { provider } = target;
  const look = (): void => write(`${plan} ${resource} ${targetName(target)}`, async ({ key = '' }) => {
    const started = await client.write('POST', '/v1/sync/plan', startedPlanSchema, { body: { resources: [resource], providers: [provider] }, key });
    await readable(client, `/v1/plans/${started.plan}`);
    setPlan(started.plan);
  });
  return (
    <div>
      <div class="action"><button type="button" onClick={look}>Look at the cloud now</button> <Command line={`npx wami sync explain ${resource} --provider ${provider} --fresh`} /></div>
      <div role="status">{plan !== undefined && <Looked plan={plan} target={target} />}</div>
      <Trouble error={error} />
      {wrong[''] !== undefined && <p class="trouble">{wrong['']}</p>}
    </div>
  );
}

function Looked({ plan, target }: { readonly plan: string; readonly target: ExplainedTarget }): JSX.Element {
  const { value, error, loading } = useLive(plan, (client, signal) => client.get(`/v1/plans/${plan}`, planViewSchema, { signal }), isOfPlans);
  if (error) return <Trouble error={error} />;
  const at = value?.targets.find((one) => targetName(one) === targetName(target));
  if (loading || !value || at === undefined || at.state === 'planning') return <p class="said">Asked for. Where nothing comes of it, see whether the sync service of the provider is running.</p>;
  return <Found plan={value} target={target} reason={at.reason} />;
}

function Found({ plan: { id, createdAt, operations }, target, reason }: { readonly plan: PlanView; readonly target: ExplainedTarget; readonly reason: string | undefined }): JSX.Element {
  const operation = operations.find((one) => targetName(one) === targetName(target));
  const looked = <>Looked <Ago time={createdAt} /> (<Link to={`/plans/${id}`}>{id}</Link>): </>;
  if (reason !== undefined) return <p class="trouble">{looked}{reason}</p>;
  if (!operation) return <p class="said">{looked}the cloud is as it was last synced, or nothing is known of it there.</p>;
  const { action, changes, more } = operation;
  const rows = threeSides(target.difference, changes);
  const untold = more + target.difference.more;
  return (
    <div class="scroll">
      <table class="difference">
        <caption>{looked}{action}{operation.reason !== undefined && `, ${operation.reason}`}</caption>
        <thead><tr><th scope="col">Field</th><th scope="col">Last synced</th><th scope="col">There now</th><th scope="col">Wanted</th></tr></thead>
        <tbody>{rows.map(({ field, synced, now, wanted }) => <tr key={field}><th scope="row">{field}</th><td><Told text={synced} /></td><td class="was"><Told text={now} /></td><td class="will"><Told text={wanted} /></td></tr>)}</tbody>
      </table>
      {untold > 0 && <p class="quiet">and {untold} more that {untold === 1 ? 'is' : 'are'} not told here</p>}
    </div>
  );
}
