export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './start';
export { clusterKind, copyCluster } from './cluster-template';
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors';
export type { StopMode } from './server';
export { isFree } from './free-port';
export { spawnTied, waitForExit, type ProcessExit, type TiedProcess, type TiedProcessOptions, type OnParentDeath } from './tied-process';
export { tryPidLock, type LockResult, type PidLock } from './pid-lock';
export { isAlive } from './processes';
export { runningPostgres } from './running';
