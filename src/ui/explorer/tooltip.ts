import * as vscode from 'vscode';

/** A tooltip with a title and rows of name and value. Names and values are someone else's text: they are escaped. */
export function tooltipTable(title: string, rows: readonly (readonly [string, string])[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n| | |\n|:--|:--|\n');
  for (const [name, value] of rows) text.appendMarkdown(`| ${cell(name)} | ${cell(value)} |\n`);
  return text;
}

/** Escapes what Markdown, its tables and HTML would read as their own. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, String.raw`\$&`).replace(/[\r\n]+/g, ' ');
}
