import type { CallerIdentity, ProviderTarget } from '@wami/provider-port';
import type { Caller } from '../reconcile/caller';

/** The target is asked who we are there once, before the first call and again after the connections changed. */
export class Credentials {
  private checked: Promise<void> | undefined;
  private identity: CallerIdentity | undefined;

  constructor(private readonly target: () => ProviderTarget | undefined, private readonly caller: () => Caller) {}

  /** @throws ProviderError; the next who asks tries again. */
  async accepted(): Promise<void> {
    this.checked ??= this.check();
    const current = this.checked;
    try {
      await current;
    } catch (error) {
      if (this.checked === current) this.checked = undefined;
      throw error;
    }
  }

  /** What we sign in as there, once that was asked. */
  get principal(): string | undefined {
    return this.identity?.principal;
  }

  forget(): void {
    this.checked = undefined;
  }

  private async check(): Promise<void> {
    const target = this.target();
    if (target) this.identity = await this.caller().call('observe', 1, (context) => target.validateCredentials(context));
  }
}
