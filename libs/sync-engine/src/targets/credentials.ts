import { isProviderError, type CallerIdentity, type ProviderTarget } from '@wami/provider-port';
import type { Caller } from '../reconcile/caller';

/** The target is asked who we are there once, before the first call and again after the connections changed, and on schedule. */
export class Credentials {
  private checked: Promise<void> | undefined;
  private identity: CallerIdentity | undefined;
  private refusal: string | undefined;

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

  /** Asks anew; whoever asks meanwhile waits for the answer. @throws ProviderError */
  renewed(): Promise<void> {
    this.forget();
    return this.accepted();
  }

  /** What we sign in as there, once that was asked. */
  get principal(): string | undefined {
    return this.identity?.principal;
  }

  /** When they end, as far as that is known. */
  get expiresAt(): string | undefined {
    return this.identity?.expiresAt;
  }

  /** Why they were rejected when that was last asked. */
  get rejected(): string | undefined {
    return this.refusal;
  }

  /** Whether the target has ever answered. */
  get isTried(): boolean {
    return this.identity !== undefined || this.refusal !== undefined;
  }

  forget(): void {
    this.checked = undefined;
  }

  private async check(): Promise<void> {
    const target = this.target();
    if (!target) return;
    try {
      this.identity = await this.caller().call('observe', 1, (context) => target.validateCredentials(context));
      this.refusal = undefined;
    } catch (error) {
      if (isProviderError(error) && error.code === 'AuthExpired') this.refusal = error.message;
      throw error;
    }
  }
}
