export interface HealthCheck {
  readonly ok: boolean;
  /** Why not, and what would help; for an operator. */
  readonly reason?: string;
}

/** What must work for a service to be ready. Checks answer from what is known; they call nothing slow. */
export class HealthRegistry {
  private readonly checks = new Map<string, () => HealthCheck>();

  add(name: string, check: () => HealthCheck): void {
    this.checks.set(name, check);
  }

  readiness(): { readonly ready: boolean; readonly checks: Readonly<Record<string, HealthCheck>> } {
    const checks = Object.fromEntries([...this.checks].map(([name, check]) => [name, check()]));
    return { ready: Object.values(checks).every(({ ok }) => ok), checks };
  }
}
