import fc from 'fast-check';
import { frameReader } from './event-frames';

describe('frames of an event stream', () => {
  const text = ': open\n\nid: a\nevent: x\ndata: {"n":1}\n\n: heartbeat\n\nid: b\ndata: two\ndata: lines\n\ndata:bare\n\nid: c\ndata: not wh';

  it('are those that are whole, without comments', () => {
    expect(frameReader()(text)).toEqual([{ id: 'a', data: '{"n":1}' }, { id: 'b', data: 'two\nlines' }, { data: 'bare' }]);
  });

  it('are the same wherever the network cuts the text', () => {
    const whole = frameReader()(text);
    fc.assert(fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      const read = frameReader();
      expect(at.slice(1).flatMap((end, i) => read(text.slice(at[i], end)))).toEqual(whole);
    }));
  });
});
