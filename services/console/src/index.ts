export { CONSOLE_PAGES, type ConsolePage } from './pages';
export { readSite, type Site, type SiteFile } from './site';
