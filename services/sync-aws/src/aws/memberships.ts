import { AddUserToGroupCommand, GetGroupCommand, ListGroupsForUserCommand, RemoveUserFromGroupCommand } from '@aws-sdk/client-iam';
import { orAbsent, type CallContext, type FacetCalls } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { collect } from './pages';

export const GROUPS = 'groups';

/** The groups of users. */
export function membershipsOf(client: AwsClient, context: CallContext): FacetCalls {
  return {
    facet: GROUPS,
    standing: ({ name: UserName }) =>
      collect(
        (Marker) => client.send(new ListGroupsForUserCommand({ UserName, Marker, MaxItems: 1000 }), context),
        ({ Groups }) => Groups?.map(({ GroupName = '' }) => GroupName),
      ),
    add: ({ name: UserName }, { name }) => client.send(new AddUserToGroupCommand({ UserName, GroupName: name }), context),
    remove: ({ name: UserName }, { name }) => client.send(new RemoveUserFromGroupCommand({ UserName, GroupName: name }), context),
    exists: async ({ name }) => (await orAbsent(client.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }), context))) !== undefined,
  };
}
