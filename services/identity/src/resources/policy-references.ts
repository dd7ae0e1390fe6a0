import { Inject, Injectable } from '@nestjs/common';
import { formatArn, isWithinTenant, policyIdIn } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import { policyAggregate } from '../aggregates/aggregates';
import { ScopedStreams } from '../commands/scoped-streams';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';

const POINTER = '/permissionsBoundary';

/** Policies that a body names as a permissions boundary. */
@Injectable()
export class PolicyReferences {
  constructor(private readonly streams: ScopedStreams, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings) {}

  /**
   * The streams that have to stay open while something in `tenant` comes to refer to the policy. Unknown, deleted and foreign are the same answer.
   * @throws ProblemError NotFound, ValidationFailed
   */
  async of(caller: Caller, tenant: string, reference: string | null | undefined): Promise<readonly string[]> {
    if (reference === undefined || reference === null) return [];
    const id = policyIdIn(reference);
    const policy = await this.streams.load(caller, policyAggregate, id).catch((error: unknown) => {
      throw error instanceof ProblemError && error.code === 'NotFound' ? unknown() : error;
    });
    const arn = formatArn({ tenant: policy.tenant, instance: this.settings.instance, type: 'policy', id });
    if (reference !== id && reference !== arn) throw unknown();
    if (!isWithinTenant(tenant, policy.tenant)) throw refused('ValidationFailed', 'NotAllowed', 'the policy is of another tenant that is not above this one');
    return [id];
  }
}

const unknown = (): ProblemError => refused('NotFound', 'NotFound', 'there is no such policy');

function refused(problem: 'NotFound' | 'ValidationFailed', code: string, detail: string): ProblemError {
  return new ProblemError(problem, { detail: `permissionsBoundary: ${detail}`, errors: [{ pointer: POINTER, code, detail }] });
}
