export { eventually, type EventuallyOptions } from './eventually';
export { freePort } from './free-port';
export { startTestPostgres, type TestPostgres, type TestPostgresOptions } from './postgres';
export { startTestKafka, type TestKafka, type TestKafkaOptions } from './kafka/start-test-kafka';
export type { Emulator } from './emulators/emulator';
export { startMoto, type MotoOptions } from './emulators/moto';
export { startMinistack } from './emulators/ministack';
