/** What is loaded when the first body comes that needs it: `dist/binary.cjs`. */
export { messagePack } from './messagePack.ts';
export { unzstd } from './zstd.ts';
