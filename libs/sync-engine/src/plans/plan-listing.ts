import type { Observed } from '@wami/provider-port';
import type { Pass } from '../reconcile/pass';
import { Listing } from '../targets/listing';

/**
 * One reading of everything of a kind, for a plan: what it does not hold under any mark or name is taken to be absent, for a plan writes
 * nothing and whoever applies it looks again.
 */
export class PlanListing extends Listing {
  private readonly byName = new Map<string, Observed>();

  /** `unsure`: only a look of its own can tell. */
  look(pass: Pass): Observed | undefined | 'unsure' {
    const { work: { lost, binding: { presence } }, reference: { names } } = pass;
    if (!this.isWhole) return 'unsure';
    const found = this.find(pass);
    if (found) return found;
    if (presence !== null || lost) return 'unsure';
    return names.map((name) => this.byName.get(name.toLowerCase())).find((one) => one !== undefined);
  }

  protected override keep(observed: Observed): void {
    super.keep(observed);
    this.byName.set(observed.name.toLowerCase(), observed);
  }

  protected override narrow(): void {
    this.byName.clear();
    super.narrow();
  }
}
