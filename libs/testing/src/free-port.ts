export { freePort } from '@wami/embedded-postgres';
