import { describe as describeAs, readDescription } from './marks';

const mark = { instance: 'local', tenant: 'acme/engineering', id: 'sac_01J', kind: 'service-account' };
const MARKS = '[managed-by=wami wami-instance=local wami-tenant=acme/engineering wami-id=sac_01J wami-kind=service-account]';

describe('the marks of a service account or role', () => {
  it('stand before its description under the published names', () => {
    expect([describeAs('Deploys', mark), describeAs('', mark), describeAs('Deploys', undefined)]).toEqual([`${MARKS} Deploys`, MARKS, 'Deploys']);
  });

  it.each(['', 'Deploys', ' two blanks first', '[managed-by=wami] half', 'two\nlines', MARKS])('are read back, and "%s" after them', (text) => {
    expect(readDescription(describeAs(text, mark))).toEqual({ mark, text });
  });

  it.each(['Deploys', `x${MARKS}`, MARKS.replace(' wami-id=sac_01J', ''), MARKS.replace('=wami ', '=other '), `${MARKS}x`, ''])('are no marks in "%s"', (description) => {
    expect(readDescription(description)).toEqual({ text: description });
  });
});
