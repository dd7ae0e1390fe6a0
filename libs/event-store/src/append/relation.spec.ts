import { Relation } from './relation';

const relation = new Relation<{ id: string; n: number; json: string }>({
  id: ['text', ({ id }) => id], n: ['integer', ({ n }) => n], json: ['jsonb', ({ json }) => json],
});

it('one row is scalars', () => {
  expect(relation.text('r', 'one', 3)).toBe('(SELECT $3::text AS id, $4::integer AS n, $5::jsonb AS json) AS r');
  expect(relation.values([{ id: 'a', n: 1, json: '{}' }])).toEqual(['a', 1, '{}']);
});

it('many rows are a column each', () => {
  expect(relation.text('r', 'many', 1)).toBe('ROWS FROM (unnest($1::text[]), unnest($2::integer[]), json_array_elements($3::json)) AS r (id, n, json)');
  expect(relation.values([{ id: 'a', n: 1, json: '{}' }, { id: 'b', n: 2, json: '[1]' }])).toEqual(['{"a","b"}', '{1,2}', '[{},[1]]']);
});

it('what would end a text early is escaped', () => {
  const [text] = relation.values([{ id: 'a"b', n: 1, json: '1' }, { id: 'c\\', n: 2, json: '2' }, { id: 'NULL', n: 3, json: '3' }]);
  expect(text).toBe('{"a\\"b","c\\\\","NULL"}');
});
