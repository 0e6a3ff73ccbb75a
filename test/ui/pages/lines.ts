import type { Locator } from 'playwright-core';

/** Texts of editor lines, from the top; the editor draws spaces as U+00A0 and keeps lines in no order. */
export async function linesOf(lines: Locator): Promise<string[]> {
  const found = await lines.evaluateAll((elements) =>
    elements.map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' })),
  );
  return found.toSorted((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
}
