import { PassThrough } from 'node:stream';
import { confirmed, typedAgain } from './confirm';

const said = (answer: string): PassThrough => {
  const input = new PassThrough();
  input.end(answer);
  return input;
};

describe('a question', () => {
  it.each([['y\n', true], ['Yes\n', true], ['n\n', false], ['\n', false], ['yesterday\n', false], ['', false]])('%j is %s', async (answer, expected) => {
    expect(await confirmed('Continue?', said(answer), new PassThrough())).toBe(expected);
  });
});

describe('a question about what cannot be undone', () => {
  it.each([['ann\n', true], [' ann \n', true], ['y\n', false], ['yes\n', false], ['Ann\n', false], ['\n', false], ['', false]])('of ann, answered %j, is %s', async (answer, expected) => {
    expect(await typedAgain('ann', 'Sure?', said(answer), new PassThrough())).toBe(expected);
  });

  it('says what is to be typed', async () => {
    const output = new PassThrough();
    await typedAgain('ann', 'Sure?', said('\n'), output);
    expect(String(output.read())).toContain('Sure? Type ann to go on: ');
  });
});
