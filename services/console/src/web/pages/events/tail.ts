import type { LogEvent } from '../../api/schemas';

export interface TailFilter {
  readonly type: string;
  /** With what is below. */
  readonly tenant: string;
  /** Id of one: what is about it, relations and outcomes too. */
  readonly resource: string;
}

/** What is looked for among those that were read: the log has no order by it. */
export interface Among {
  readonly actor: string;
  readonly correlation: string;
}

/** So many are kept; what happened before is the CLI's to tell. */
export const NEWEST = 200;

/** Each once. */
export function newest(events: readonly LogEvent[]): readonly LogEvent[] {
  const known = new Set<string>();
  return events.filter(({ id }) => !known.has(id) && known.add(id)).slice(-NEWEST);
}

/** One that comes; whether it is about the resource only the server can tell. */
export function fits(event: Pick<LogEvent, 'type' | 'tenant'>, { type, tenant }: Omit<TailFilter, 'resource'>): boolean {
  return (type === '' || event.type === type) && (tenant === '' || event.tenant === tenant || event.tenant.startsWith(`${tenant}/`));
}

export const among = (events: readonly LogEvent[], { actor, correlation }: Among): readonly LogEvent[] =>
  events.filter((event) => (actor === '' || event.actor === actor) && (correlation === '' || event.correlationid === correlation));

/** One a line, as the log has them, the oldest first. */
export const linesOf = (events: readonly LogEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** All of the log that fits, as a command. */
export function exportLine({ type, tenant, resource }: TailFilter): string {
  return ['npx wami', ...(tenant === '' ? [] : ['-t', tenant]), 'events export', ...(type === '' ? [] : ['--type', type]), ...(resource === '' ? [] : ['--resource', resource])].join(' ');
}
