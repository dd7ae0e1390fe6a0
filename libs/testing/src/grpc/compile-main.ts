import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileProtos } from './compile-protos';

const FOLDER = join(__dirname, '..', '..', '..', 'contracts', 'proto');

void compileProtos(FOLDER).then((set) => writeFileSync(join(FOLDER, 'wami.v1.binpb'), set));
