import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtOnce, cacheFolder } from './cache';
import { runTool } from './run-tool';

const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const HOW_TO_GET_MAVEN = 'install Apache Maven (Debian: apt-get install maven; macOS: brew install maven), the tests fetch Java programs with it';

/** The folder with the jars that `pom` depends on; fetched once per machine and `name`, from Maven Central or the mirror that Maven is set to. */
export async function mavenJars(name: string, pom: string): Promise<string> {
  const folder = await builtOnce(cacheFolder(name), async (built) => {
    const file = join(built, 'pom.xml');
    writeFileSync(file, pom);
    await runTool('mvn', ['-q', '-B', '-f', file, COPY_DEPENDENCIES, '-DincludeScope=runtime', `-DoutputDirectory=${join(built, 'libs')}`], HOW_TO_GET_MAVEN);
  });
  return join(folder, 'libs');
}
