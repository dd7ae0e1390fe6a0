import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileProtos } from './compile-protos';
import { compileStandards } from './standard-protos';
import { brokenPromises, protoSurface } from './surface';

const FOLDER = join(__dirname, '..', '..', '..', 'contracts', 'proto');
const PUBLISHED = join(FOLDER, 'wami.v1.published.txt');

async function main(): Promise<void> {
  const descriptors = await compileProtos(FOLDER);
  const surface = protoSurface(descriptors);
  const published = existsSync(PUBLISHED) ? readFileSync(PUBLISHED, 'utf8').trimEnd().split('\n') : [];
  const broken = brokenPromises(published, surface);
  if (broken.length > 0) throw new Error(`clients rest on what is gone or otherwise now: add beside it instead, under a new number or name\n  ${broken.join('\n  ')}`);
  writeFileSync(join(FOLDER, 'wami.v1.binpb'), descriptors);
  writeFileSync(PUBLISHED, `${surface.join('\n')}\n`);
  writeFileSync(join(FOLDER, 'standards.json'), await compileStandards());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
