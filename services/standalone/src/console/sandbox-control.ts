import { ProblemError } from '@wami/platform';

/** What stands at a sandbox cloud, and what came of it. */
export interface SandboxTold {
  readonly faults: object;
  readonly calls: number;
  readonly writes: number;
  /** How often each kind of fault happened. */
  readonly happened: Readonly<Record<string, number>>;
}

interface Calls {
  readonly calls: Readonly<Record<string, number>>;
  readonly writes: number;
  readonly faults: Readonly<Record<string, number>>;
}

/** The sandbox clouds of this process, which a page may not call itself: its policy lets it call its own origin alone. */
export class SandboxControl {
  /** `addresses`: by target. */
  constructor(private readonly addresses: Readonly<Record<string, string>>) {}

  /** @throws ProblemError NotFound where no such sandbox runs here */
  async read(target: string): Promise<SandboxTold> {
    const [faults, { calls, writes, faults: happened }] = await Promise.all([this.ask<object>(target, 'faults'), this.ask<Calls>(target, 'calls')]);
    return { faults, calls: Object.values(calls).reduce((sum, count) => sum + count, 0), writes, happened };
  }

  /** What is not named stays as it is. @throws ProblemError NotFound, ValidationFailed in the sandbox's words */
  async change(target: string, faults: object): Promise<SandboxTold> {
    await this.ask(target, 'faults', { method: 'PATCH', body: JSON.stringify(faults), headers: { 'content-type': 'application/json' } });
    return this.read(target);
  }

  /** Everything goes well again. @throws ProblemError NotFound */
  async mend(target: string): Promise<SandboxTold> {
    await this.ask(target, 'faults', { method: 'DELETE' });
    return this.read(target);
  }

  private async ask<T>(target: string, what: string, init: RequestInit = {}): Promise<T> {
    const address = Object.hasOwn(this.addresses, target) ? this.addresses[target] : undefined;
    if (address === undefined) throw new ProblemError('NotFound', { detail: `no sandbox of ${target} runs here` });
    const answer = await fetch(`${address}/_sandbox/${what}`, init);
    const body = await answer.json() as T & { readonly error?: string };
    if (!answer.ok) throw new ProblemError('ValidationFailed', { detail: `the sandbox refused: ${body.error ?? answer.status}` });
    return body;
  }
}
