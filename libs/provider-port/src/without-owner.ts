/** A message that is kept longer than what something belongs to: the name of that is left out. */
export function withoutOwner(message: string, owner: string): string {
  return message.split(/([\w+=,.@-]+)/).map((word) => (word === owner || word === `${owner}.` ? 'its owner' : word)).join('');
}
