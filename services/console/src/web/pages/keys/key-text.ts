import type { Role } from '@wami/contracts';
import { quoted } from '../../ui/shell';

/** In days; an empty text is for ever. */
export const LIFETIMES = [['30', '30 days'], ['90', '90 days'], ['365', 'a year'], ['', 'ever']] as const;

const DAY_MS = 86_400_000;

/** When a key ends that is made now. */
export const expiryAfter = (days: string, now: number): { readonly expiresAt?: string } => (days === '' ? {} : { expiresAt: new Date(now + Number(days) * DAY_MS).toISOString() });

interface Named {
  readonly name: string;
  readonly role: Role;
  readonly tenant: string;
  readonly days: string;
}

/** The command that makes the same key. */
export function createLine({ name, role, tenant, days }: Named): string {
  return `npx wami key create ${quoted(name.trim() || 'NAME')} --role ${role} --tenant ${tenant}${days === '' ? '' : ` --expires ${days}d`}`;
}
