import { Router } from '../../cloud/router';
import { scopeOf } from './operation';
import type { ArmOperations } from './operation';
import { roleAssignmentOperations } from './role-assignments';
import { roleDefinitionOperations } from './role-definitions';

export const ARM_OPERATIONS: ArmOperations = {
  ...roleDefinitionOperations, ...roleAssignmentOperations,
  'subscriptions.get': {
    method: 'GET', template: '/subscriptions/{id}', action: 'Microsoft.Resources/subscriptions/read', writes: false,
    run(call) {
      scopeOf({ ...call, path: { scope: `subscriptions/${call.path['id'] ?? ''}` } });
      return {
        status: 200,
        body: { id: `/subscriptions/${call.subscription}`, subscriptionId: call.subscription, tenantId: call.tenant.id, displayName: 'WAMI sandbox', state: 'Enabled', authorizationSource: 'RoleBased' },
      };
    },
  },
  'resourceGroups.delete': {
    method: 'DELETE', template: '/subscriptions/{id}/resourceGroups/{group}', action: 'Microsoft.Resources/subscriptions/resourceGroups/delete', writes: true,
    run(call) {
      const scope = scopeOf({ ...call, path: { scope: `subscriptions/${call.path['id'] ?? ''}/resourceGroups/${call.path['group'] ?? ''}` } });
      call.store.commit({ type: 'resource-group-deleted', id: scope });
      return { status: 202 };
    },
  },
};
/** Resource ids are found whatever their case (recordings). */
export const ARM_ROUTER = new Router(ARM_OPERATIONS, 'i');

/** What clients of Microsoft.Authorization ask for. */
export const API_VERSIONS = ['2022-04-01', '2022-05-01-preview', '2020-04-01-preview', '2018-07-01', '2015-07-01'];
/** Of subscriptions and resource groups. */
export const SUBSCRIPTION_VERSIONS = ['2016-06-01', '2020-01-01', '2021-01-01', '2022-12-01'];
