// Reads lists of owned things, one a line, and removes the last one's at the end of its input: when its parent is gone.
import { removeAll } from './processes.mjs';

let text = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  text += String(chunk);
  text = text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
});
process.stdin.on('end', () => removeAll(JSON.parse(text || '[]')));
