// @ts-check

/**
 * A CloudEvent as its schema says; `data` is the content: `{ data, personal }`. `personal` is sealed; the API tells names.
 * @typedef {{ id: string, source: string, type: string, subject: string, time: string, tenant: string, key: string, stream: string,
 *   streamversion: number, data: { data: Record<string, unknown>, personal: Record<string, unknown> } } & Record<string, unknown>} CloudEvent
 */

/**
 * The CloudEvent in a record (binary content mode: attributes in `ce_` headers, content in the value).
 * Undefined where the record is none, such as a watermark: pass over it.
 * @param {import('kafkajs').KafkaMessage} message
 * @returns {Record<string, unknown> | undefined}
 */
export function cloudEventOf({ headers = {}, value }) {
  if (headers['ce_id'] === undefined || value === null) return undefined;
  const attributes = Object.entries(headers).flatMap(([name, text]) => (name.startsWith('ce_') ? [[name.slice(3), String(text)]] : []));
  const event = Object.fromEntries(attributes);
  return {
    ...event, ...('single' in event ? { single: event['single'] === 'true' } : {}), streamversion: Number(event['streamversion']), datacontenttype: String(headers['content-type']),
    data: JSON.parse(value.toString('utf8')),
  };
}
