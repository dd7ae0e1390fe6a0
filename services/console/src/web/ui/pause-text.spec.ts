import { pausedText, resumeBody, resumeLine } from './pause-text';

describe('a pause', () => {
  it('is told by what it holds, and ended by just that', () => {
    const [all, one] = [{ tenant: '' }, { tenant: 'acme', provider: 'aws', account: '1', resource: 'usr_1' }];
    expect([pausedText(all), pausedText({ tenant: 'acme', provider: 'aws' }), pausedText(one)]).toEqual(['everything', 'acme at aws/*', 'acme at aws/1 usr_1']);
    expect([resumeLine(all), resumeLine(one)]).toEqual(['npx wami sync resume', 'npx wami sync resume --tenant acme --provider aws --account 1 --resource usr_1']);
    expect([resumeBody(all), resumeBody(one)]).toEqual([{}, one]);
  });
});
