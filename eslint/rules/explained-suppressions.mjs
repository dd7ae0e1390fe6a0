const directive = /^\s*eslint-disable(-line|-next-line)?(?=\s|$)([^]*)$/;

function complaint(rest) {
  const [rules, ...explanation] = rest.split(/\s-{2,}\s/);
  if (rules.trim() === '') return 'A suppression must name the rules that it switches off';
  if (explanation.join(' ').trim().length < 8) return 'A suppression must carry its reason: `-- because ...`';
  return undefined;
}

/** eslint-disable comments name their rules and carry a reason. */
export const explainedSuppressions = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const found = directive.exec(comment.value);
          const message = found && complaint(found[2]);
          // Column -1 lies before the comment: there the comment cannot suppress the report about itself.
          if (message) context.report({ loc: { line: comment.loc.start.line, column: -1 }, message });
        }
      },
    };
  },
};
