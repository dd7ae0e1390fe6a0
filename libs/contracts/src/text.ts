import { z } from 'zod';

/** Text for people: blanks at its ends are taken off, and something visible is left. At most `longest` characters as it is sent. */
export function trimmedText(longest: number): z.ZodString {
  return z.string().max(longest).regex(/[^\p{Z}\p{C}]/u, 'must hold a visible character').trim();
}
