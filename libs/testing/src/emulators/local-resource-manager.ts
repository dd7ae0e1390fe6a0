import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mavenJars } from '../maven-jars';
import { runTool } from '../run-tool';
import { startEmulator, type Emulator } from './emulator';
import { startVersion3 } from './resource-manager-v3';

const VERSION = '1.61.0';
const HOW_TO_GET_JAVA = 'install a Java 17 development kit or newer (Debian: apt-get install default-jdk-headless; macOS: brew install openjdk)';
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local.test</groupId><artifactId>resource-manager-jars</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>com.google.cloud</groupId><artifactId>google-cloud-resourcemanager</artifactId><version>${VERSION}</version></dependency>
</dependencies></project>`;

/** Google's helper chooses its own port: it is told at the one that we know. */
const LAUNCHER = `import com.google.cloud.resourcemanager.testing.LocalResourceManagerHelper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Launch {
  public static void main(String[] args) throws Exception {
    LocalResourceManagerHelper helper = LocalResourceManagerHelper.create();
    helper.start();
    byte[] url = helper.getOptions().getHost().getBytes();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, url.length);
      exchange.getResponseBody().write(url);
      exchange.close();
    });
    server.start();
  }
}
`;

/** Its class path. */
export const resourceManagerJars = (): Promise<string> => mavenJars(join('google-cloud-resourcemanager', VERSION), POM);

/** Google's own emulator of Resource Manager, with these projects. It speaks version 1; the endpoint speaks version 3. State lives in its memory. */
export async function startLocalResourceManager(projects: readonly string[]): Promise<Emulator> {
  await runTool('javac', ['-version'], HOW_TO_GET_JAVA);
  const jars = await resourceManagerJars();
  const emulator = await startEmulator('local-resource-manager', (port, directory) => {
    writeFileSync(join(directory, 'Launch.java'), LAUNCHER);
    return { command: 'java', args: ['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*'), 'Launch.java', String(port)] };
  });
  const version1 = await (await fetch(emulator.endpoint)).text();
  for (const projectId of projects) {
    const { ok, status } = await fetch(`${version1}/v1/projects`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ projectId, name: 'A test' }) });
    if (!ok) throw new Error(`the project ${projectId} was not made: ${status}`);
  }
  const version3 = await startVersion3(version1);
  return {
    endpoint: version3.endpoint,
    stop: async () => {
      await version3.stop();
      await emulator.stop();
    },
  };
}
