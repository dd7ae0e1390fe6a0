import pc from 'picocolors';

/** Colours only where all that is printed goes to a terminal that wants them, or where `--color` asks for them. */
export function wantsColour({ argv, env, stdout, stderr }: Pick<NodeJS.Process, 'argv' | 'env' | 'stdout' | 'stderr'>): boolean {
  if (argv.includes('--no-color') || env['NO_COLOR']) return false;
  if (argv.includes('--color')) return true;
  return Boolean(stdout.isTTY) && Boolean(stderr.isTTY) && env['TERM'] !== 'dumb';
}

export const colours = pc.createColors(wantsColour(process));
