import type { WhoAmI } from './api/schemas';
import { mayOperate } from './ui/may';

type Page = readonly [to: string, name: string];

const NAVIGATION: readonly Page[] = [['/', 'Home'], ['/r', 'Resources'], ['/drift', 'Conflicts and drift'], ['/plans', 'Plans'], ['/events', 'Events'], ['/reports', 'Reports'], ['/t', 'Providers'], ['/tenants', 'Tenants'], ['/keys', 'Keys']];
/** Of the installation: there is none for a tenant. */
const OPERATORS: readonly Page[] = [['/dead-letters', 'Dead letters']];

/** The pages that somebody may go to. */
export const pagesFor = (who: WhoAmI): readonly Page[] => (mayOperate(who) ? [...NAVIGATION, ...OPERATORS] : NAVIGATION);
