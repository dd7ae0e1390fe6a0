import type { JSX } from 'preact';
import { Link } from '../router';
import { useTitle } from '../ui/title';

export function NoSuchPage(): JSX.Element {
  useTitle('No such page');
  return <><h1>No such page</h1><p>There is nothing at this address. <Link to="/r">All resources</Link></p></>;
}
