import type { PauseEvent } from '@wami/contracts';
import { given } from '@wami/testing';
import { pauseDecider, type PauseCommand, type PauseDocument } from './pause.decider';

const ref = { id: 'pau_1', tenant: 'acme', instance: 'local' };
const NOW = '2026-01-01T00:00:00.000Z';
const later = (days: number): string => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
const about = (key: string) => ({ stream: 'pau_1', key, tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:pause/pau_1' });
const started = (data: Omit<PauseDocument, 'reason'> = {}, key = 'pau_1'): PauseEvent => ({ ...about(key), type: 'wami.pause.started.v1', data, personal: { reason: 'freeze' } });
const ended = (more: Partial<Pick<PauseEvent, 'data' | 'personal'>> = {}, key = 'pau_1'): PauseEvent => ({ ...about(key), type: 'wami.pause.ended.v1', data: {}, personal: {}, ...more } as PauseEvent);
const start = (pause: Omit<PauseDocument, 'reason'> = {}): PauseCommand => ({ type: 'start', ref, now: NOW, pause: { reason: 'freeze', ...pause } });
const end: PauseCommand = { type: 'end', ref };

describe('a pause', () => {
  it('keeps what it selects apart from why, which is personal', () => given(pauseDecider, []).when(start({ provider: 'aws', account: '1' })).then([started({ provider: 'aws', account: '1' })]));
  it('about one resource stands under that, so that it is forgotten with it', () => given(pauseDecider, []).when(start({ resource: 'usr_1' })).then([started({ resource: 'usr_1' }, 'usr_1')]));
  it('ends by itself where it says when', () => given(pauseDecider, []).when(start({ until: later(7) })).then([started({ until: later(7) })]));
  it('cannot be over before it begins', () => given(pauseDecider, []).when(start({ until: NOW })).thenThrows('ValidationFailed'));
  it('cannot last longer than a year', () => {
    given(pauseDecider, []).when(start({ until: later(366) })).then([started({ until: later(366) })]);
    given(pauseDecider, []).when(start({ until: later(367) })).thenThrows('ValidationFailed');
  });
  it('begins once', () => given(pauseDecider, [started()]).when(start()).thenThrows('ValidationFailed'));
  it('is ended, alone or with others', () => {
    given(pauseDecider, [started()]).when(end).then([ended()]);
    given(pauseDecider, [started()]).when({ ...end, reason: 'done', together: ['pau_2'] }).then([ended({ data: { together: ['pau_2'] }, personal: { reason: 'done' } })]);
    given(pauseDecider, [started({ resource: 'usr_1' }, 'usr_1')]).when(end).then([ended({}, 'usr_1')]);
  });
  it('that was ended stays so', () => {
    given(pauseDecider, [started(), ended()]).when(end).thenNothing();
    given(pauseDecider, []).when(end).thenNothing();
  });
});
