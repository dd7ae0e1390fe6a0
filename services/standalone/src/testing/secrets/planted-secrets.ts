import { plantedWord, wordsIn } from '../planted';

export interface Leak {
  readonly place: string;
  /** What each of them was planted as; not what they are. */
  readonly secrets: readonly string[];
}

/** Secrets by what they were planted as, and every text that none of them may stand in. */
export class PlantedSecrets {
  private readonly secrets = new Map<string, string>();
  private readonly texts = new Map<string, Set<string>>();

  /** A new one. */
  word(label: string): string {
    return this.keep(label, plantedWord());
  }

  /** One that was made elsewhere. */
  keep(label: string, secret: string): string {
    this.secrets.set(`${label} (${this.secrets.size})`, secret);
    return secret;
  }

  get all(): readonly string[] {
    return [...this.secrets.values()];
  }

  /** Adds to what stands there already. */
  place(name: string, text: string): void {
    this.texts.set(name, (this.texts.get(name) ?? new Set()).add(text));
  }

  get places(): readonly string[] {
    return [...this.texts.keys()];
  }

  leaks(): Leak[] {
    const { all } = this;
    return [...this.texts].map(([place, text]) => ({ place, secrets: this.named(wordsIn([...text].join(''), all)) })).filter(({ secrets }) => secrets.length > 0);
  }

  named(words: readonly string[]): string[] {
    return [...this.secrets].filter(([, secret]) => words.includes(secret)).map(([label]) => label);
  }
}
