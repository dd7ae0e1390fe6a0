import { PassThrough } from 'node:stream';
import { confirmed } from './confirm';

const answered = async (answer: string): Promise<boolean> => {
  const input = new PassThrough();
  input.end(answer);
  return confirmed('Continue?', input, new PassThrough());
};

describe('a question', () => {
  it.each([['y\n', true], ['Yes\n', true], ['n\n', false], ['\n', false], ['yesterday\n', false], ['', false]])('%j is %s', async (answer, expected) => {
    expect(await answered(answer)).toBe(expected);
  });
});
