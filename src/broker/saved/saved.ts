/** Messages in files. To be loaded on demand: few people save messages, and nobody at the start. */
export { bodyFileName } from './bodyFile.ts';
export { csvHeader, csvRow } from './csv.ts';
export { loadMessage, saveDraft, saveMessage } from './savedMessage.ts';
export { copyOf, toPublish, type Publishable, type PublishingUser } from './toPublish.ts';
