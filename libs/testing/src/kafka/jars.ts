import { join } from 'node:path';
import { mavenJars } from '../maven-jars';

export const KAFKA_VERSION = '4.3.1';
const LOG_BINDING_VERSION = '2.25.4';

// Never loaded by a plain broker: 28 MB instead of 43. The native codecs go too, so a client may compress with gzip only.
const EXCLUDED = [
  'org.apache.kafka:kafka-tools-api',
  'com.github.luben:zstd-jni',
  'org.xerial.snappy:snappy-java',
  'org.lz4:lz4-java',
  'at.yawk.lz4:lz4-java',
  'org.scala-lang:scala-reflect',
  'com.github.ben-manes.caffeine:caffeine',
  'com.dynatrace.hash4j:hash4j',
  'org.bitbucket.b_c:jose4j',
  'commons-beanutils:commons-beanutils',
  'commons-digester:commons-digester',
  'com.fasterxml.jackson.dataformat:jackson-dataformat-csv',
];

function exclusion(coordinates: string): string {
  const [group = '', artifact = ''] = coordinates.split(':');
  return `<exclusion><groupId>${group}</groupId><artifactId>${artifact}</artifactId></exclusion>`;
}

function dependency(group: string, artifact: string, version: string, exclusions: readonly string[] = []): string {
  const excluded = exclusions.length > 0 ? `<exclusions>${exclusions.map(exclusion).join('')}</exclusions>` : '';
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${excluded}</dependency>`;
}

// Kafka ships no binding for its logging interface; without one it logs nothing, and we read "started" from the log.
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local.test</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION, EXCLUDED)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG_BINDING_VERSION)}
</dependencies></project>`;

/** The class path of a broker; fetched once per machine, from Maven Central or the mirror that Maven is set to. */
export async function kafkaJars(): Promise<string> {
  return mavenJars(join('kafka', KAFKA_VERSION), POM);
}
