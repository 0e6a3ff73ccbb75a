import { visibleName } from '../common/visibleText.ts';

/** A name for where VS Code would read `$(…)` in it as an icon: labels of quick picks, and the status bar. */
export function plainLabel(name: string): string {
  return visibleName(name).replaceAll('$(', String.raw`\$(`);
}
