export interface HealthCheck {
  readonly ok: boolean;
  /** Why not, and what would help; for an operator. */
  readonly reason?: string;
}

/** What must work for a service to be ready. Checks answer from what is known; they call nothing slow. */
export class HealthRegistry {
  private readonly checks = new Map<string, (() => HealthCheck)[]>();

  /** Parts of a process that need the same thing use the same name: it is well when it is for all of them. */
  add(name: string, check: () => HealthCheck): void {
    this.checks.set(name, [...this.checks.get(name) ?? [], check]);
  }

  readiness(): { readonly ready: boolean; readonly checks: Readonly<Record<string, HealthCheck>> } {
    const checks = Object.fromEntries([...this.checks].map(([name, parts]) => [name, together(parts.map((check) => check()))]));
    return { ready: Object.values(checks).every(({ ok }) => ok), checks };
  }
}

const together = (parts: readonly HealthCheck[]): HealthCheck => parts.find(({ ok }) => !ok) ?? parts.find(({ reason }) => reason !== undefined) ?? { ok: true };
