import type { CallContext } from '@wami/provider-port';
import type { Bindings } from './bindings';
import type { GcpClient, Policy } from './gcp.client';
import { SharedPolicy } from './shared-policy';

/** The one allow policy of a project, a folder or an organisation, which all that is given stands in. */
export class AllowPolicy extends SharedPolicy<Policy, Bindings> {
  constructor(private readonly client: GcpClient) {
    super({
      called: 'the allow policy',
      read: (context) => client.getPolicy(context),
      contentOf: bindingsOf,
      write: (policy, bindings, context) => client.setPolicy({ ...policy, bindings: [...bindings] }, context),
    });
  }

  async bindings(context: CallContext): Promise<Bindings> {
    return bindingsOf(await this.client.getPolicy(context));
  }
}

const bindingsOf = ({ bindings }: Policy): Bindings => bindings ?? [];
