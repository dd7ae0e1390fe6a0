import { gcplocalTools } from './emulators/gcplocal';
import { resourceManagerJars } from './emulators/local-resource-manager';
import { pythonTools } from './emulators/python';
import { grpcTools } from './grpc/outsider';
import { schemathesisTools } from './http/schemathesis';
import { classArchive } from './kafka/class-archive';
import { kafkaJars } from './kafka/jars';
import { assertJava } from './kafka/java';

/** What specs fetch or make once per machine, what is asked for first at the top. */
const KEPT: Readonly<Record<string, () => Promise<unknown>>> = {
  'a gRPC client of somebody else': grpcTools,
  'Kafka': () => assertJava().then(kafkaJars).then(classArchive),
  'emulators of AWS': () => pythonTools(),
  'schemathesis': schemathesisTools,
  'gcplocal': gcplocalTools,
  'the emulator of Resource Manager': resourceManagerJars,
};

/** One after the other, beside the first tests. A spec whose tool could not be had here tries again, and is judged by that. */
async function main(): Promise<void> {
  for (const [name, fetched] of Object.entries(KEPT)) {
    await fetched().catch((error: unknown) => process.stderr.write(`${name}: not fetched before the tests: ${String(error)}\n`));
  }
}

void main();
