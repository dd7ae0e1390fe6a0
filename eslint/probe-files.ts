import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '@wami/embedded-postgres';
import type { Probe } from './probes';

export const root = join(__dirname, '..');
const outputs = ['dist', join('out-tsc', 'spec')];
const prefix = 'zz-boundary-probe-';

const projectFolders = (): string[] =>
  [...['libs', 'services'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name))), join(root, 'examples', 'custom-adapter')];

/** Removes what a killed run left behind; the files of a run that goes on carry the number of a living process. */
export function sweepLeftOvers(): void {
  for (const project of projectFolders())
    for (const folder of ['src', ...outputs])
      for (const file of listing(join(project, folder)).filter((name) => name.startsWith(prefix)))
        if (!isAlive(Number(file.slice(prefix.length).split('-')[0]))) rmSync(join(project, folder, file), { force: true });
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Writes each probe into the sources of its project and notes its path in `files`, in the order of the probes. */
export function writeProbes(probes: readonly Probe[], files: string[]): void {
  probes.forEach((probe, number) => {
    const file = join(root, probe.project, 'src', `${prefix}${process.pid}-${number}${probe.spec ? '.spec' : ''}.ts`);
    files.push(file);
    writeFileSync(file, probe.code);
  });
}

/** Removes the probes, and what a build that ran meanwhile made of them. */
export function removeProbes(files: readonly string[]): void {
  for (const file of files) {
    rmSync(file, { force: true });
    for (const output of outputs)
      for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map'])
        rmSync(join(dirname(file), '..', output, basename(file, '.ts') + ending), { force: true });
  }
}
