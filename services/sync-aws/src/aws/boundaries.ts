import {
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
  type AttachedPermissionsBoundary,
} from '@aws-sdk/client-iam';
import { BOUNDARY, orAbsent, type Applied, type CallContext, type Changes, type Observed, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';

type Fields = Shape['fields'];

/** The field of a shape. */
export function boundaryField(arn: string | undefined): Fields {
  return arn === undefined || arn === '' ? {} : { [BOUNDARY]: arn };
}

/** The same, as IAM answers it. */
export function boundaryIn(boundary: AttachedPermissionsBoundary | undefined): Fields {
  return boundaryField(boundary?.PermissionsBoundaryArn);
}

/** What an update does to the boundary: a new one stands before anything else is done, and one goes after all else was. */
export class Boundary {
  private readonly wanted: string | undefined;

  constructor(
    private readonly owner: 'user' | 'role',
    private readonly client: AwsClient,
    private readonly context: CallContext,
    changes: Pick<Changes, 'fields'>,
  ) {
    this.wanted = changes.fields[BOUNDARY];
  }

  async set(name: string): Promise<void> {
    const PermissionsBoundary = this.wanted;
    if (PermissionsBoundary === undefined || PermissionsBoundary === '') return;
    const { client, context, owner } = this;
    await (owner === 'user'
      ? client.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary }), context)
      : client.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary }), context));
  }

  /** The thing as it is with the change made. Where something else was refused the boundary stays: without it what was to go could do more. */
  async free(applied: Applied): Promise<Applied> {
    const { observed, rejected } = applied;
    if (this.wanted === undefined) return applied;
    if (this.wanted === '') {
      const [refused] = rejected;
      if (refused !== undefined) throw refused.error;
      await orAbsent(this.delete(observed.name));
    }
    return { ...applied, observed: withBoundary(observed, this.wanted) };
  }

  private delete(name: string): Promise<unknown> {
    const { client, context, owner } = this;
    return owner === 'user'
      ? client.send(new DeleteUserPermissionsBoundaryCommand({ UserName: name }), context)
      : client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name }), context);
  }
}

function withBoundary(observed: Observed, arn: string): Observed {
  const { [BOUNDARY]: _before, ...fields } = observed.shape.fields;
  return { ...observed, shape: { ...observed.shape, fields: { ...fields, ...boundaryField(arn) } } };
}
