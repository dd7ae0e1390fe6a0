import { jobViewSchema } from '@wami/contracts';
import type { JSX } from 'preact';
import { useLive } from '../../api/use-live';
import { Trouble } from '../../ui/notices';

/** How far a job is that applies the plan. */
export function Job({ id }: { readonly id: string }): JSX.Element {
  const { value, error } = useLive(id, (client, signal) => client.get(`/v1/jobs/${id}`, jobViewSchema, { signal }));
  return (
    <>
      <p class="section" role="status">{value && <>{value.succeeded} of {value.total} done{value.failed > 0 && `, ${value.failed} not`}{value.stillPending > 0 && `, ${value.stillPending} under way`}. <span class="quiet">{id}</span></>}</p>
      <Trouble error={error} />
    </>
  );
}
