import { inspect } from 'node:util';

/** A value that prints `***` everywhere: in text, JSON and `console.log`. Read it with `reveal()` at the one place that needs it. */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
