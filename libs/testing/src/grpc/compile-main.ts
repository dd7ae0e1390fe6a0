import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileProtos } from './compile-protos';
import { compileStandards } from './standard-protos';

const FOLDER = join(__dirname, '..', '..', '..', 'contracts', 'proto');

async function main(): Promise<void> {
  writeFileSync(join(FOLDER, 'wami.v1.binpb'), await compileProtos(FOLDER));
  writeFileSync(join(FOLDER, 'standards.json'), await compileStandards());
}

void main();
