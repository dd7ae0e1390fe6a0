import { startSandbox } from '../cloud/start-sandbox';
import type { Sandbox, SandboxOptions } from '../cloud/start-sandbox';
import { awsProtocol } from './api';
import { IamState } from './iam-state';
import { OPERATION_NAMES } from './operations/all-operations';
import { snapshotOf } from './snapshot';
import type { AwsSnapshot } from './snapshot';

export const DEFAULT_ACCOUNT = '000000000001';

export interface SandboxAwsOptions extends SandboxOptions {
  /** Twelve digits; 000000000001. */
  readonly account?: string;
}

/** A running sandbox account. Its `url` is the endpoint for IAM and STS clients of any region, with any credentials. */
export interface SandboxAws extends Sandbox<AwsSnapshot> {
  readonly account: string;
}

/** Starts an AWS account that speaks IAM (2010-05-08) and STS (2011-06-15) over HTTP; kept and refused as startSandbox says. */
export async function startSandboxAws(options: SandboxAwsOptions = {}): Promise<SandboxAws> {
  const { account = DEFAULT_ACCOUNT } = options;
  if (!/^\d{12}$/.test(account)) throw new Error(`an AWS account has twelve digits, not '${account}'`);
  const sandbox = await startSandbox({
    cloud: 'AWS', format: 'wami-sandbox-aws-1', account, operations: OPERATION_NAMES, cleared: { type: 'cleared' } as const,
    emptyState: () => new IamState(), snapshot: (state) => snapshotOf(state, account), protocol: awsProtocol,
  }, options);
  return { ...sandbox, account };
}
