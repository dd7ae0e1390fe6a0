export { CONSOLE_ADDRESSES, CONSOLE_PAGES, type ConsolePage } from './pages';
export { readSite, type Site, type SiteFile } from './site';
