import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../../../scripts/lib/run.mjs';
import { isFatal } from '../../../src/broker/errors.ts';
import { AppError, type ErrorCode } from '../../../src/common/errors.ts';
import { errorText } from '../../../src/ui/errorText.ts';
import { remediesFor } from '../../../src/ui/remedies.ts';
import { errorSamples } from './errorSamples.ts';

const path = join(root, 'docs', 'errors.md');
const codes = Object.keys(errorSamples) as ErrorCode[];

function sampleOf(code: ErrorCode): AppError {
  return new AppError(code, errorSamples[code].params);
}

function row(code: ErrorCode): string {
  const stops = isFatal(sampleOf(code)) ? ' (stops)' : '';
  const cells = [
    errorSamples[code].from.join('; '),
    errorText(sampleOf(code)),
    remediesFor(code).join(', '),
    `\`${code}\`${stops}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

async function document(): Promise<string> {
  const text = `# Errors

What Warren says of each error of the broker, of amqplib, of Node and of the management API, and the buttons that it offers
where they can help. The broker's own reason is kept. After an error marked *stops* it does not connect again by itself: the
same would only happen again. Of the buttons those are shown that can be done from where the error is told.

A test holds this table equal to \`src/ui/errorText.ts\` and \`src/ui/remedies.ts\`; it writes it anew when
\`UPDATE_DOCS=1\` is set.

| From | What Warren says | What it offers | Code |
| --- | --- | --- | --- |
${codes.map(row).join('\n')}
`;
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

describe('the table of errors in the documentation', () => {
  it('is what Warren says and offers', async () => {
    const text = await document();
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, text);
    assert.ok(
      readFileSync(path, 'utf8') === text,
      'docs/errors.md is out of date: run the unit tests with UPDATE_DOCS=1',
    );
  });
});

describe('what Warren says of an error', () => {
  for (const code of codes) {
    const text = errorText(sampleOf(code));
    it(`${code} is whole sentences, with nothing left out`, () => {
      assert.match(text, /^[A-Z].*[.!?]$/s);
      assert.doesNotMatch(text, /undefined|null|\[object|\.\.$|  /);
    });
  }

  it('keeps the reason that the broker gave', () => {
    for (const code of codes) {
      const { params } = errorSamples[code];
      if (!('reason' in params) || code === 'managementForbidden') continue;
      assert.ok(errorText(sampleOf(code)).includes(params.reason.replace(/\.$/, '')), code);
    }
  });
});
