import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Parser } from 'csv-parse';
import { AppError, toError } from '../../../common/errors.ts';
import type { Item, ReadItems } from './item.ts';
import { readLines } from './lines.ts';

/** What separates the columns in files that call themselves CSV. */
const delimiters = [',', ';', '\t'];

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly records: number };
}

/**
 * The rows of a CSV file (RFC 4180) whose first row names the columns. A row's body is its column `body` where there is
 * one, else the row as a JSON object; its columns are its values.
 */
export function csvItems(path: string): ReadItems {
  return async function* () {
    const parser = await openCsv(path);
    try {
      for await (const row of parser as AsyncIterable<Row>) yield toItem(row);
    } catch (error) {
      throw await failure(basename(path), error);
    } finally {
      parser.destroy();
    }
  };
}

async function openCsv(path: string): Promise<Parser> {
  const { parse } = await import('csv-parse');
  const { value: first } = await readLines(path).next();
  const delimiter = delimiterOf(first?.bytes.toString('utf8') ?? '');
  const parser = parse({ bom: true, columns: distinct, delimiter, info: true, skip_empty_lines: true });
  const file = createReadStream(path);
  file.on('error', (error) => parser.destroy(error));
  parser.on('close', () => file.destroy());
  return file.pipe(parser);
}

/** The one that the first row has most of, outside of quotes. */
function delimiterOf(firstRow: string): string {
  const plain = firstRow.replaceAll(/"(?:[^"]|"")*"/g, '');
  const [best = ','] = delimiters.toSorted((a, b) => plain.split(b).length - plain.split(a).length);
  return best;
}

function distinct(names: readonly string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new AppError('invalidInput', { field: 'CSV', reason: `has column "${twice}" twice` });
  return [...names];
}

function toItem({ record, info }: Row): Item {
  const { body } = record;
  const text = body ?? JSON.stringify(record);
  const contentType = isJson(text) ? 'application/json' : 'text/plain';
  return { place: `row ${info.records}`, content: Buffer.from(text), contentType, values: record };
}

async function failure(name: string, thrown: unknown): Promise<AppError> {
  if (thrown instanceof AppError) return thrown;
  const { CsvError } = await import('csv-parse');
  const { message } = toError(thrown);
  if (thrown instanceof CsvError) {
    return new AppError('invalidInput', { field: name, reason: `is no CSV: ${message}` }, { cause: thrown });
  }
  return new AppError('fileUnreadable', { name, reason: message }, { cause: thrown });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
