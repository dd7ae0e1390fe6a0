export interface Tag {
  readonly key: string;
  readonly value: string;
}
export interface AccessKeyRecord {
  readonly id: string;
  readonly createdAt: string;
  readonly inactive?: true;
  /** When somebody first asked with it who he is; what else it is used for is not noted. */
  readonly usedAt?: string;
}
export interface LoginProfileRecord {
  readonly createdAt: string;
  readonly resetRequired: boolean;
}
export interface MfaDeviceRecord {
  /** Its serial number, which is its ARN. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly tags: readonly Tag[];
  /** Id of the user that it is enabled for. */
  readonly user?: string;
  readonly enabledAt?: string;
}
