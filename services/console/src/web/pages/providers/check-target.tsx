import { jobViewSchema, type ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { readable } from '../../api/readable';
import { startedJobSchema } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link } from '../../router';
import { targetName } from '../../ui/chip';
import { maySync } from '../../ui/may';
import { Command, Trouble } from '../../ui/notices';
import { useWrite } from '../editing/use-write';
import { checkText } from './target-text';

const NO_FIELDS = [] as const;

/** Has the provider asked now who we are there, in quarantine too, and tells what came of it. */
export function CheckTarget({ target }: { readonly target: ProviderTargetView }): JSX.Element | null {
  const { client, who } = useConsole();
  const { error, wrong, write } = useWrite(NO_FIELDS);
  const [job, setJob] = useState<string>();
  if (!maySync(who.role)) return null;
  const { provider, account } = target;
  const check = (): void => write(`${job} ${targetName(target)}`, async ({ key = '' }) => {
    const started = await client.write('POST', '/v1/sync/check', startedJobSchema, { body: { targets: [{ provider, account }] }, key });
    await readable(client, `/v1/jobs/${started.job}`);
    setJob(started.job);
  });
  return (
    <section class="actions" aria-label={`Check of ${targetName(target)}`}>
      <h3>Whether it takes our credentials now</h3>
      <div class="action"><button type="button" onClick={check}>Check</button> <Command line={`npx wami provider check ${targetName(target)}`} /></div>
      <div role="status">{job !== undefined && <Came job={job} target={target} />}</div>
      <Trouble error={error} />
      {wrong[''] !== undefined && <p class="trouble">{wrong['']}</p>}
    </section>
  );
}

function Came({ job, target }: { readonly job: string; readonly target: ProviderTargetView }): JSX.Element {
  const { value, error, loading } = useLive(job, (client, signal) => client.get(`/v1/jobs/${job}`, jobViewSchema, { signal }));
  const outcome = value?.checks?.find((one) => targetName(one) === targetName(target))?.outcome;
  if (error) return <Trouble error={error} />;
  if (loading || outcome === undefined) return <p class="said">Asked for. Where nothing comes of it, see whether the sync service of the provider is running.</p>;
  const { came, remedy } = checkText(outcome, target);
  return (
    <>
      <p class={outcome === 'ok' ? 'said' : 'trouble'}>{outcome === 'ok' ? '✓' : '✗'} {came}</p>
      {remedy !== undefined && <p>{remedy}</p>}
      {outcome === 'ok' && <p><Link to="/r?code=AccessDenied">What fails for want of a permission</Link></p>}
    </>
  );
}
