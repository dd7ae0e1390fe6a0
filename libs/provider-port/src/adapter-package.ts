import type { ProviderAdapter } from './provider-adapter';

/** Of this port. It changes with what an adapter of before would do wrong under, and only then. */
export const PORT_VERSION = 1;

/** What a package exports as `wamiAdapter`, so that an installation can be told to use it by its name. */
export interface AdapterPackage {
  /** The port that it was written for. Write the number, do not import it: what is imported is that of whoever loads the package. */
  readonly portVersion: typeof PORT_VERSION;
  /** Called once in a process; calls nothing. */
  create(): ProviderAdapter;
}
