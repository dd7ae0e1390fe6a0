import type { Target } from '@wami/contracts';
import type { Logger } from '@wami/platform';

const TENANT = 'default';

interface Caller {
  (method: string, path: string, body: unknown): Promise<{ status: number; text: string }>;
}

/** The first start makes the tenant `default`, synced to every target that is open to it. What exists already stays as it is. */
export async function ensureDefaultTenant(call: Caller, targets: readonly Target[], logger: Logger): Promise<void> {
  const existing = await call('GET', `/v1/tenants/${TENANT}`, undefined);
  if (existing.status === 200) return;
  await expectSuccess(call('POST', '/v1/tenants', { id: TENANT, name: 'Default' }));
  await expectSuccess(call('PUT', `/v1/tenants/${TENANT}/sync-config`, { providers: targets }));
  logger.info({ targets: targets.length }, 'tenant default made');
}

async function expectSuccess(answer: ReturnType<Caller>): Promise<void> {
  const { status, text } = await answer;
  if (status >= 400) throw new Error(`the tenant ${TENANT} could not be made: ${status} ${text.slice(0, 500)}`);
}
