import type { DirectCredentials, GcpSettings } from './gcp.config';
import type { Signer } from './sign-in';

/** Files and variables that credentials came from are read anew about this often, and after they were refused. */
const REREAD_MS = 5 * 60_000;

interface Loaded {
  readonly signer: Signer;
  readonly secret: string | undefined;
  readonly checkedAt: number;
}

/** The credentials of one connection. A rotated file or variable is taken up without a restart. */
export class GcpCredentialSource {
  private loaded: Loaded | undefined;
  private opening: Promise<Signer> | undefined;

  constructor(private readonly settings: GcpSettings) {}

  /** @throws ProviderError where nobody can sign in; nothing was sent then. */
  async signer(): Promise<Signer> {
    const { loaded } = this;
    if (loaded !== undefined && Date.now() - loaded.checkedAt < REREAD_MS) return loaded.signer;
    const secret = this.secret();
    const signer = loaded !== undefined && loaded.secret === secret ? loaded.signer : await this.open(secret);
    this.loaded = { signer, secret, checkedAt: Date.now() };
    return signer;
  }

  /** When they end, where the connection says so. */
  get expiresAt(): string | undefined {
    const { direct } = this;
    return 'expiresAt' in direct ? direct.expiresAt?.() : undefined;
  }

  /** They were refused: the next call looks whether there are others by now. */
  doubt(): void {
    if (this.loaded) this.loaded = { ...this.loaded, checkedAt: 0 };
  }

  private get direct(): DirectCredentials {
    const { credentials } = this.settings;
    return credentials.type === 'impersonate' ? credentials.source : credentials;
  }

  private secret(): string | undefined {
    const { direct } = this;
    return direct.type === 'default' ? undefined : direct.read();
  }

  /** The SDK is loaded with the first connection that is used, not by everybody who could have one. */
  private open(secret: string | undefined): Promise<Signer> {
    this.opening ??= import('./sign-in.js').then(({ signIn }) => signIn(this.settings, secret)).finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }
}
