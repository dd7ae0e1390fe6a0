import { lineOf, parentPart } from './tenant-path';

it('the line of a tenant begins at the top, or at whoever looks', () => {
  expect(lineOf('acme/core/web', '')).toEqual(['acme', 'acme/core', 'acme/core/web']);
  expect(lineOf('acme/core/web', 'acme/core')).toEqual(['acme/core', 'acme/core/web']);
  expect([parentPart('acme'), parentPart('acme/core/web')]).toEqual(['', 'acme/core/']);
});
