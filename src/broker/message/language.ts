/** Only languages that VS Code ships: asking for an unknown one is an error. */
const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/[/+]json$/, 'json'],
  [/[/+]xml$/, 'xml'],
  [/\/html$/, 'html'],
  [/[/+](?:x-)?yaml$/, 'yaml'],
  [/\/(?:x-)?ndjson$|\/jsonl$/, 'jsonl'],
  [/\/(?:x-)?javascript$/, 'javascript'],
  [/\/css$/, 'css'],
  [/\/markdown$/, 'markdown'],
  [/\/sql$/, 'sql'],
];

/** The language to show a text of that media type in. */
export function languageOf(mediaType: string): string {
  return LANGUAGES.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'plaintext';
}
