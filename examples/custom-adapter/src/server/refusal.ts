/** What the directory answers instead of doing what it was asked. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

export const invalid = (message: string): Refusal => new Refusal(400, 'invalid', message);
export const notFound = (what: string): Refusal => new Refusal(404, 'not_found', `there is no ${what}`);
