export { customConfigShape } from './config';
export { loadAdapter } from './load-adapter';
