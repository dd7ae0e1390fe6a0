import type { LogEvent } from '../../api/schemas';

export interface TailFilter {
  readonly type: string;
  /** With what is below. */
  readonly tenant: string;
}

/** So many are kept; what happened before is the CLI's to tell. */
export const NEWEST = 200;

/** Each once. */
export function newest(events: readonly LogEvent[]): readonly LogEvent[] {
  const known = new Set<string>();
  return events.filter(({ id }) => !known.has(id) && known.add(id)).slice(-NEWEST);
}

export function fits(event: Pick<LogEvent, 'type' | 'tenant'>, { type, tenant }: TailFilter): boolean {
  return (type === '' || event.type === type) && (tenant === '' || event.tenant === tenant || event.tenant.startsWith(`${tenant}/`));
}
