import { visibleName } from '../common/visibleText.ts';

/** A name for where VS Code would read `$(…)` in it as an icon: labels of quick picks, and the status bar. */
export function plainLabel(name: string): string {
  return withoutIcons(visibleName(name));
}

/** Our own words with names in them for such a place, which the titles of code lenses are too. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', String.raw`\$(`);
}
