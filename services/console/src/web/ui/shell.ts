/** As a shell takes it for one word, whatever stands in it. */
export const quoted = (text: string): string => (/^[\w./@=:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
