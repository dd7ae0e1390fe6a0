import { plantedWord, wordsIn } from './planted';

describe('a planted word is found', () => {
  const word = plantedWord();
  const base64 = (before: string): string => Buffer.from(`${before}${word} and more`).toString('base64');

  it.each([
    ['as it is', `a ${word}b`], ['in capitals', word.toUpperCase()], ['in hex', Buffer.from(`x${word}y`).toString('hex')], ['as bytes, the way PostgreSQL shows them', `\\x${Buffer.from(word).toString('hex')}`],
    ['in base64 at its start', base64('')], ['one further', base64('{')], ['two further', base64('{"')], ['in base64url', Buffer.from(`??>${word}??>`).toString('base64url')],
  ])('%s', (_, text) => expect(wordsIn(text, [word])).toEqual([word]));

  it('where it has capitals itself', () => expect(wordsIn(`a-SEcret-${word}`, [`SEcret-${word}`])).toEqual([`SEcret-${word}`]));
  it('and no other is', () => expect(wordsIn(`${plantedWord()} ${base64('').slice(0, 8)}`, [word])).toEqual([]));
});
