export { createGcpAdapter, type GcpAdapterOptions } from './gcp/gcp.adapter';
