export { catalogue, type PublishedEvent } from './catalogue';
export { brokenPromises, differences } from './compatibility';
export { documentsOf, schemasOf } from './documents';
