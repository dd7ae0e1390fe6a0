import { answered, collect } from './pages';

interface Page {
  readonly items?: readonly string[];
  readonly IsTruncated?: boolean;
  readonly Marker?: string;
}

const walk = (pages: Readonly<Record<string, Page>>) =>
  collect(
    async (marker) => pages[marker ?? 'first'] ?? {},
    ({ items }) => items,
  );

it('pages are walked to the last, empty ones among them', async () => {
  expect(
    await walk({
      first: { items: ['a'], IsTruncated: true, Marker: '2' },
      2: { IsTruncated: true, Marker: '3' },
      3: { items: ['b'], IsTruncated: false },
    }),
  ).toEqual(['a', 'b']);
});

it.each<[string, Readonly<Record<string, Page>>]>([
  ['comes round again', { first: { IsTruncated: true, Marker: '2' }, 2: { IsTruncated: true, Marker: '2' } }],
  ['is missing', { first: { IsTruncated: true } }],
  ['is empty', { first: { IsTruncated: true, Marker: '' } }],
])('a list whose marker %s is an error, never a short list', async (_, pages) => {
  await expect(walk(pages)).rejects.toMatchObject({ code: 'Internal' });
});

it('a part that is always there must be there', () => {
  expect(answered([], 'Users')).toEqual([]);
  expect(() => answered(undefined, 'Users')).toThrow(expect.objectContaining({ code: 'Internal' }));
});
