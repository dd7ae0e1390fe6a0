import { nameAtTarget } from '../reconcile/pass';
import { nameHere } from './judge-things';

describe('what a thing at a target would be called here', () => {
  it.each([
    ['ann', undefined, 'ann'], ['acme.eng.ann', '{tenant}.{name}', 'ann'], ['ann', '{tenant}.{name}', undefined], ['acme.eng.', '{tenant}.{name}', undefined],
    ['x-ann-y', 'x-{name}-y', 'ann'], ['xann', 'x-{name}', undefined], ['annann', '{name}{name}', undefined],
  ])('%s under %s is %s', (nativeName, template, name) => {
    expect(nameHere(nativeName, 'acme/eng', template)).toBe(name);
  });

  it('is what it would get back', () => {
    for (const template of ['{name}', '{tenant}.{name}', 'wami-{name}-{tenant}']) {
      expect(nameHere(nameAtTarget('bob', 'acme/eng', template), 'acme/eng', template)).toBe('bob');
    }
  });
});
