import type { LogEvent } from '../api/schemas';

const TYPE = /^wami\.([a-z-]+)\.([a-z-]+)\.v\d+$/;

/** `user created`, `sync failed: AccessDenied`: every type in its own words, so that one of a later release has some too. */
export function eventTitle({ type, data: { data } }: Pick<LogEvent, 'type' | 'data'>): string {
  const [, aggregate = type, what = ''] = TYPE.exec(type) ?? [];
  const code = textAt(data, 'code');
  return `${aggregate} ${what}`.trim().replaceAll('-', ' ') + (code === undefined ? '' : `: ${code}`);
}

/** Somebody wanted it, rather than it came of what somebody wanted. */
export const isIntent = ({ type }: Pick<LogEvent, 'type'>): boolean => !type.startsWith('wami.sync.');

/** `aws/000000000001`, of an outcome. */
export function targetOf({ data: { data } }: Pick<LogEvent, 'data'>): string | undefined {
  const [provider, account] = [textAt(data, 'provider'), textAt(data, 'account')];
  return provider === undefined || account === undefined ? undefined : `${provider}/${account}`;
}

function textAt(data: unknown, name: string): string | undefined {
  const value: unknown = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
