import { exampleOf } from './example-of';

const components = { Tags: { type: 'object', additionalProperties: { type: 'string' } }, State: { oneOf: [{ type: 'object', properties: { state: { const: 'Pending' } } }] } };

describe('an example of a schema', () => {
  it.each<[string, object, unknown]>([
    ['takes what the schema says itself', { type: 'string', examples: ['acme'] }, 'acme'],
    ['takes the first choice', { type: 'string', enum: ['push', 'pull'] }, 'push'],
    ['keeps to a minimum', { type: 'integer', minimum: 3600 }, 3600],
    ['reads references', { type: 'object', properties: { tags: { $ref: '#/components/schemas/Tags' }, state: { $ref: '#/components/schemas/State' } } }, { tags: { team: 'core' }, state: { state: 'Pending' } }],
    ['knows what names mean', { type: 'object', properties: { tenant: { type: 'string' }, at: { type: 'string', format: 'date-time' }, ok: { type: 'boolean' } } },
      { tenant: 'acme', at: '2026-07-01T09:30:00.000Z', ok: true }],
    ['makes lists of one', { type: 'array', items: { type: 'number' } }, [1]],
    ['leaves open what is open', {}, {}],
  ])('%s', (_, schema, expected) => expect(exampleOf(schema, components)).toEqual(expected));
});
