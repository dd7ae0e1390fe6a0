export type XmlValue = string | number | boolean | readonly XmlValue[] | ReadonlyMap<string, XmlValue> | XmlRecord;
export interface XmlRecord {
  readonly [element: string]: XmlValue | undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#xD;', '\n': '&#xA;', '\t': '&#x9;',
};
const NOT_XML = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text for element content and attributes; characters that XML 1.0 cannot carry become U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(NOT_XML, '\uFFFD').replace(/[&<>"'\r\n\t]/g, (character) => ESCAPES[character] ?? character);
}

/** AWS's Query form: lists as `<member>`, maps as `<entry><key/><value/></entry>`, absent values left out. */
export function renderXml(element: string, value: XmlValue, xmlns?: string): string {
  const attribute = xmlns === undefined ? '' : ` xmlns="${escapeXml(xmlns)}"`;
  const content = renderContent(value);
  return content === '' ? `<${element}${attribute}/>` : `<${element}${attribute}>${content}</${element}>`;
}

function renderContent(value: XmlValue): string {
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isList(value)) return value.map((item) => renderXml('member', item)).join('');
  if (isMap(value)) return [...value].map(([key, item]) => renderXml('entry', { key, value: item })).join('');
  return Object.entries(value).map(([name, item]) => (item === undefined ? '' : renderXml(name, item))).join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function isMap(value: XmlValue): value is ReadonlyMap<string, XmlValue> {
  return value instanceof Map;
}
