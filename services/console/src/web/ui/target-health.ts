import type { TargetHealth } from '@wami/contracts';

/** Symbol, word, and which state's looks it has. */
export const HEALTH_WORDS: Readonly<Record<TargetHealth, readonly [symbol: string, word: string, look: string]>> = {
  ok: ['✓', 'can be called', 'Synced'], throttled: ['…', 'asks to slow down', 'Pending'], quarantined: ['✗', 'quarantined', 'Failed'],
  'credentials-rejected': ['✗', 'rejects our credentials', 'Failed'], 'not-connected': ['✗', 'not connected', 'Failed'], unused: ['○', 'used by no tenant', 'NotConfigured'],
};
const FINE: readonly TargetHealth[] = ['ok', 'throttled', 'unused'];

/** Whether somebody should see to it that it can be called again. */
export const isUnwell = (health: TargetHealth): boolean => !FINE.includes(health);

export const healthWord = (health: TargetHealth): string => HEALTH_WORDS[health][1];
