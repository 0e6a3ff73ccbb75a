/**
 * Text for notifications, progress and prompts: VS Code makes links of `[…](…)` in them, and one of `command:` runs any
 * command. Names, paths and reasons are somebody else's text.
 */
export function plainText(text: string): string {
  return text.replaceAll(/\](?=\((?:https?|command|file):)/gi, '] ');
}
