import { wantsColour } from './colour';

const terminal = { isTTY: true } as NodeJS.WriteStream & { fd: 1 };
const pipe = { isTTY: false } as NodeJS.WriteStream & { fd: 1 };
const asked = (over: object): boolean => wantsColour({ argv: [], env: {}, stdout: terminal, stderr: terminal as never, ...over });

describe('colours', () => {
  it.each([
    ['on a terminal', {}, true], ['into a pipe', { stdout: pipe }, false], ['with NO_COLOR', { env: { NO_COLOR: '1' } }, false], ['on a dumb terminal', { env: { TERM: 'dumb' } }, false],
    ['into a pipe in CI', { stdout: pipe, env: { CI: 'true' } }, false], ['into a pipe with --color', { stdout: pipe, argv: ['--color'] }, true], ['with --no-color', { argv: ['--no-color'] }, false],
  ])('%s: %j', (_, over, expected) => expect(asked(over)).toBe(expected));
});
