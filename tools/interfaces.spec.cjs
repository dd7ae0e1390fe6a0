const { readFileSync } = require('node:fs');
const { interfacesPage, PAGE } = require('./interfaces.cjs');

test('docs/interfaces.md says what the source says (npm run docs:interfaces writes it)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(interfacesPage());
});

test('each method is told with what it promises', () => {
  expect(interfacesPage()).toContain('- `delete(observed: Observed, context: CallContext): Promise<void>`: Removes it and, before, all that stands in its way. Success where it is absent.\n');
});
