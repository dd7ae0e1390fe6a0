import { randomBytes } from 'node:crypto';

/** A word that stands nowhere but where somebody planted it. Letters alone, so that no escaping tears it apart. */
export function plantedWord(): string {
  return `planted${[...randomBytes(12)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
}

/** The forms in which a word may stand somewhere: as it is, in hex, and in base64 wherever in a longer text it began. */
export function formsOf(word: string): Forms {
  const known = formsOfWords.get(word) ?? makeForms(word);
  formsOfWords.set(word, known);
  return known;
}

interface Forms { readonly exact: readonly string[]; readonly anyCase: readonly string[] }
/** Each word is looked for in many hundred texts. */
const formsOfWords = new Map<string, Forms>();

function makeForms(word: string): Forms {
  const inBase64 = [0, 1, 2].map((before) => {
    const text = Buffer.from('\0'.repeat(before) + word).toString('base64');
    // What shares its bits with the characters before and after is left out.
    return text.slice(before === 0 ? 0 : before + 1, -4).replace(/=+$/, '');
  });
  return { exact: inBase64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]), anyCase: [word.toLowerCase(), Buffer.from(word).toString('hex')] };
}

/** Words that begin alike are looked for only where such a beginning stands. */
const BEGINNING = 8;

/** Those of the words that stand in the text, in any form. */
export function wordsIn(text: string, words: readonly string[]): string[] {
  if (text === '') return [];
  const [exactly, low] = [finder(text), finder(text.toLowerCase())];
  return words.filter((word) => {
    const { exact, anyCase } = formsOf(word);
    return exact.some(exactly) || anyCase.some(low);
  });
}

function finder(text: string): (form: string) => boolean {
  const begins = new Map<string, boolean>();
  return (form) => {
    const beginning = form.slice(0, BEGINNING);
    const known = begins.get(beginning) ?? text.includes(beginning);
    begins.set(beginning, known);
    return known && text.includes(form);
  };
}
