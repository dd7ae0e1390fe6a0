/** A thing at the cloud as the oracles see it. */
export interface Picture {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly tags: readonly [string, string][];
  readonly mark: string | null;
  readonly groups: readonly string[];
  readonly boundary?: string;
  /** By name. */
  readonly inline: Readonly<Record<string, string>>;
}
