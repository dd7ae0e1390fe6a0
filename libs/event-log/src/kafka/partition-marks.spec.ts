import { MemoryMarks } from '../marks/memory-marks';
import { PartitionMarks } from './partition-marks';

it('tells Kafka only what is stored: a member that takes over must get again what this one did not save', async () => {
  const marks = new PartitionMarks(new MemoryMarks(), ['identity']);
  await marks.prepare(2);
  const [fresh] = await marks.of(1);
  if (!fresh) throw new Error('no mark');
  marks.reached([{ ...fresh, epoch: '5', position: '9.1', nextOffset: '3' }]);
  expect([marks.nextOffset(1), marks.storedOffset(1)]).toEqual([3n, 0n]);
  await marks.flush();
  expect([marks.nextOffset(1), marks.storedOffset(1)]).toEqual([3n, 3n]);
  marks.forgetOthers([0]);
  expect([marks.nextOffset(1), marks.storedOffset(1)]).toEqual([undefined, undefined]);
});
