/** Media types by file extension: what people publish while they debug. */
const byExtension: Readonly<Record<string, string>> = {
  avro: 'application/vnd.apache.avro+binary',
  bmp: 'image/bmp',
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  ini: 'text/plain',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  jsonl: 'application/jsonl',
  log: 'text/plain',
  md: 'text/markdown',
  msgpack: 'application/vnd.msgpack',
  ndjson: 'application/jsonl',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
};

/** VS Code's language ids that are not an extension too. */
const extensionOfLanguage: Readonly<Record<string, string>> = {
  javascript: 'js',
  jsonc: 'json',
  markdown: 'md',
  plaintext: 'txt',
};

/** Media type of an editor's text. The language decides: it is what the person sees and can change. */
export function contentTypeOfText(languageId: string): string {
  return byExtension[extensionOfLanguage[languageId] ?? languageId] ?? 'text/plain';
}

/** Media type of a file by its name. @see RFC 2046 section 4.5.1 for what is said of unknown bytes */
export function contentTypeOfFile(fileName: string): string {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return byExtension[extension] ?? 'application/octet-stream';
}
