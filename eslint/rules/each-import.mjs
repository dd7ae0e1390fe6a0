const literal = (node) => (node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined);

const isRequire = (callee) =>
  (callee.type === 'Identifier' && callee.name === 'require') ||
  (callee.type === 'MemberExpression' && callee.object.name === 'require' && callee.property.name === 'resolve');

/** Visitors that call `visit(specifier, node)` for every way in which a TypeScript file names another module. */
export function eachImport(visit) {
  const from = (pick) => (node) => {
    const specifier = literal(pick(node));
    if (specifier !== undefined) visit(specifier, node);
  };
  return {
    ImportDeclaration: from((node) => node.source),
    ImportExpression: from((node) => node.source),
    ExportAllDeclaration: from((node) => node.source),
    ExportNamedDeclaration: from((node) => node.source),
    TSImportType: from((node) => node.source),
    TSImportEqualsDeclaration: from((node) => node.moduleReference.expression),
    CallExpression: from((node) => (isRequire(node.callee) ? node.arguments[0] : undefined)),
  };
}
