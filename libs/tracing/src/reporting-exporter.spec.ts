import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ReportingExporter } from './reporting-exporter';

it('lost spans are said the first time, and then at most once a minute with how many there were', () => {
  const said: object[] = [];
  let now = 0;
  let error: Error | undefined = new Error('connect ECONNREFUSED');
  const exporter = new ReportingExporter(
    { export: (_, done) => done(error ? { code: 1, error } : { code: 0 }), shutdown: () => Promise.resolve() }, { warn: (fields) => said.push(fields) }, () => now);
  const send = (spans: number): void => exporter.export(Array.from<ReadableSpan>({ length: spans }), () => undefined);
  send(3);
  for (now = 1_000; now < 60_000; now += 1_000) send(1);
  expect(said).toEqual([{ spans: 3, error: 'Error: connect ECONNREFUSED' }]);
  now = 60_000;
  send(1);
  error = undefined;
  now = 200_000;
  send(100);
  expect(said).toEqual([{ spans: 3, error: 'Error: connect ECONNREFUSED' }, { spans: 60, error: 'Error: connect ECONNREFUSED' }]);
});
