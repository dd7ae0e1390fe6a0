// Writes docs/interfaces.md, the interfaces that an adapter, a store or a log is written against, from their source: npm run docs:interfaces
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const ts = require('typescript');

const ROOT = join(__dirname, '..');
const PAGE = join(ROOT, 'docs/interfaces.md');
/** What each is for, where it stands, and what of it is told, in this order. */
const PARTS = [
  {
    title: 'Adapters', about: 'What a cloud is reached by, one handler per kind: [writing-an-adapter.md](writing-an-adapter.md). `libs/provider-port`.', folder: 'libs/provider-port/src', files: ['adapter-package.ts', 'provider-adapter.ts', 'provider-error.ts'],
    names: ['AdapterPackage', 'ProviderAdapter', 'ResourceHandler', 'KindCapability', 'CallContext', 'Connection', 'ProviderTarget', 'CallerIdentity', 'OwnershipMark', 'Shape', 'Reference', 'Desired', 'Observed', 'Changes', 'Applied', 'Groundwork', 'ProviderErrorOptions'],
  },
  {
    title: 'The event store', about: 'Where a service keeps its events: [ADR 2](adr/0002-a-thin-store-of-our-own.md). `libs/event-store`.', folder: 'libs/event-store/src', files: ['event-store.ts', 'open-event-store.ts'],
    names: ['EventStore', 'Append', 'NameReservation', 'IdempotencyKey', 'Quota', 'LogPage', 'EventStoreOptions'],
  },
  {
    title: 'The event log', about: 'How services hear of each other, over PostgreSQL or Kafka: [ADR 3](adr/0003-two-logs.md). `libs/event-log`.', folder: 'libs/event-log/src', files: ['event-log.ts'],
    names: ['EventLog', 'SubscribeOptions', 'EventBatch', 'Subscription', 'SubscriptionHealth', 'Relay'],
  },
];

function interfacesPage() {
  const parts = PARTS.map(({ title, about, folder, files, names }) => {
    const declared = new Map(files.flatMap((file) => declarationsOf(join(ROOT, folder, file))));
    const missing = names.filter((name) => !declared.has(name));
    if (missing.length > 0) throw new Error(`${folder} has no ${missing.join(', ')}`);
    return [`## ${title}`, about, ...names.map((name) => declared.get(name))].join('\n\n');
  });
  return ['# Interfaces', 'Written from the source by `npm run docs:interfaces`: what is promised of each method, and of what it is given.', ...parts].join('\n\n') + '\n';
}

function declarationsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)).map((one) => [one.name.text, told(one, source)]);
}

function told(declaration, source) {
  const heading = `### ${declaration.name.text}`;
  const members = ts.isInterfaceDeclaration(declaration) ? declaration.members : undefined;
  const body = members ? [code(`interface ${textOf(declaration, source).split('{')[0].replace(/^export interface /, '').trim()}`), members.map((member) => memberOf(member, source)).join('\n')] : [block(textOf(declaration, source).replace(/^export /, ''))];
  return [heading, docOf(declaration), ...body].filter(Boolean).join('\n\n');
}

function memberOf(member, source) {
  const doc = docOf(member);
  const signature = code(textOf(member, source).replace(/;$/, '').replaceAll(/\s*\n\s*/g, ' ').replace(/^readonly /, ''));
  return `- ${signature}${doc === '' ? '' : `: ${doc.replaceAll('\n', ' ')}`}`;
}

/** Without the comment before it. */
const textOf = (node, source) => node.getText(source);
const code = (text) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
const block = (text) => `\`\`\`ts\n${text}\n\`\`\``;

/** The words of the doc comment, with what is thrown said in words. */
function docOf(node) {
  const [doc] = (node.jsDoc ?? []).slice(-1);
  if (!doc) return '';
  const words = ts.getTextOfJSDocComment(doc.comment) ?? '';
  const tags = (doc.tags ?? []).map((tag) => `${{ throws: 'Throws', param: `\`${tag.name?.getText() ?? ''}\``, returns: 'Returns' }[tag.tagName.text] ?? tag.tagName.text}: ${(ts.getTextOfJSDocComment(tag.comment) ?? '').trim()}`);
  return [words.trim().replaceAll(/\s*\n\s*/g, ' '), ...tags].filter((part) => part !== '').join(' ');
}

module.exports = { interfacesPage, PAGE };
if (require.main === module) writeFileSync(PAGE, interfacesPage());
