import { brokenPromises, differences } from './compatibility';
import type { JsonObject } from './json';

const before: JsonObject = {
  description: 'a door', type: 'object', additionalProperties: false, required: ['wide'],
  properties: { wide: { type: 'boolean', description: 'how far' }, title: { type: 'string' } },
};
const withFields = (fields: JsonObject, more: JsonObject = {}): JsonObject => ({ ...before, ...more, properties: { ...before['properties'] as JsonObject, ...fields } });

describe('a published schema', () => {
  it('may be worded better, in any order of keys', () => {
    const reworded = { ...withFields({ wide: { description: 'wide open?', type: 'boolean' } }), description: 'a gate', examples: [1] };
    expect(differences(before, Object.fromEntries(Object.entries(reworded).reverse()))).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['an optional field is added', withFields({ colour: { type: 'string' } }), '/properties/colour'],
    ['a field changes its type', withFields({ wide: { type: 'string' } }), '/properties/wide/type'],
    ['a field with the name of a word changes', withFields({ title: { type: 'number' } }), '/properties/title/type'],
    ['a field is no longer required', { ...before, required: [] }, '/required'],
    ['more fields are let in', { ...before, additionalProperties: true }, '/additionalProperties'],
  ])('is broken where %s', (_what, after, at) => {
    expect(differences(before, after)).toEqual([at]);
    expect(brokenPromises(new Map([['door', before]]), new Map([['door', after]]))).toEqual([expect.stringContaining(at)]);
  });

  it('is broken where it is gone, and not where another one is new', () => {
    expect(brokenPromises(new Map([['door', before]]), new Map([['gate', before]]))).toEqual([expect.stringContaining('door was published and is gone')]);
    expect(brokenPromises(new Map([['door', before]]), new Map([['gate', before], ['door', before]]))).toEqual([]);
  });
});
