import { ROLES } from '@wami/contracts';
import { decideAccess, type Access } from './access';
import type { Permission } from './permissions';

const verdict = (role: (typeof ROLES)[number], access: Access | undefined, tenant = 'acme'): string => {
  try {
    decideAccess({ actor: 'somebody', role, tenant }, access);
    return 'yes';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it.each<[Permission, string]>([
  ['read', 'viewer editor operator admin'], ['change', 'editor admin'], ['sync', 'operator admin'], ['configure', 'admin'], ['credentials', 'admin'],
])('%s is for %s', (permission, roles) => {
  expect(ROLES.filter((role) => verdict(role, { permission, of: 'tenant' }) === 'yes').join(' ')).toBe(roles);
  expect(ROLES.filter((role) => verdict(role, { permission, of: 'tenant' }) === 'Forbidden')).toHaveLength(4 - roles.split(' ').length);
});

it('what belongs to the installation is not there for who has a tenant, whatever the role', () => {
  const access: Access = { permission: 'read', of: 'installation' };
  expect(ROLES.map((role) => verdict(role, access))).toEqual(['NotFound', 'NotFound', 'NotFound', 'NotFound']);
  expect(verdict('admin', access, '')).toBe('yes');
  expect(verdict('viewer', { permission: 'configure', of: 'installation' }, '')).toBe('Forbidden');
});

it('a route that says nothing is refused to everyone', () => expect(verdict('admin', undefined, '')).toBe('Forbidden'));
