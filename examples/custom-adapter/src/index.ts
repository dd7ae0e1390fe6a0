export { createDirectoryAdapter, type DirectoryAdapterOptions } from './directory/directory.adapter';
export { wamiAdapter } from './wami-adapter';
