import { createProgram } from '../program';
import { complete } from './complete';

const at = (...words: string[]): ReturnType<typeof complete> => complete(createProgram(), words);

describe('completion', () => {
  it('of commands, also below an alias and after flags with their values', () => {
    expect(at('gr').words).toEqual(['group']);
    expect(at('u', '').words).toEqual(expect.arrayContaining(['create', 'get', 'list', 'update', 'delete', 'history']));
    expect(at('-t', 'group', 'user', 'cre').words).toEqual(['create']);
    expect(at('').words).not.toContain('__complete');
  });

  it('of flags, those of everywhere too, and of their choices', () => {
    expect(at('user', 'create', '--di').words).toEqual(['--display-name']);
    expect(at('user', 'create', '--out').words).toEqual(['--output']);
    expect(at('user', 'list', '-o', 'js').words).toEqual(['json', 'jsonl']);
    expect(at('completion', '').words).toEqual(['bash', 'zsh', 'fish']);
  });

  it('asks for names by the argument or flag that they belong to', () => {
    expect(at('user', 'get', 'a')).toEqual({ words: [], argument: 'user' });
    expect(at('group', 'add', 'crew', '')).toEqual({ words: [], argument: 'user' });
    expect(at('policy', 'attach', 'read', 'user/')).toEqual({ words: [], argument: 'to' });
    expect(at('tenant', 'get', '').argument).toBe('path');
    expect(at('user', 'list', '--tenant', '').argument).toBe('path');
    expect(at('--profile', '').argument).toBe('profile');
    expect(at('user', 'get', 'ann', '')).toEqual({ words: [] });
  });

  it('offers nothing, and so files, for the value of another flag', () => {
    expect(at('apply', '-f', '')).toEqual({ words: [] });
  });
});
