/**
 * Whether a topic pattern matches a routing key: words between dots, `*` for exactly one, `#` for any number, none
 * included. An empty key has no word at all. @see https://www.rabbitmq.com/tutorials/tutorial-five-javascript
 */
export function topicMatches(pattern: string, routingKey: string): boolean {
  return wordsMatch(words(pattern), words(routingKey), (word, other) => word === '*' || word === other);
}

/** Whether a topic pattern matches every key that another one matches. It may say no where it does, never yes where not. */
export function topicCovers(wide: string, narrow: string): boolean {
  // A `#` of the narrow one stands for any number of words: only another takes it.
  return wordsMatch(words(wide), words(narrow), (word, other) => (word === '*' ? other !== '#' : word === other));
}

function words(key: string): string[] {
  return key === '' ? [] : key.split('.');
}

/**
 * `isOne` tells whether a word of the pattern other than `#` matches this one. In time proportional to the product of the lengths, whatever the pattern: a key of 255
 * bytes may have 128 `#`.
 */
function wordsMatch(
  pattern: readonly string[],
  key: readonly string[],
  isOne: (word: string, other: string | undefined) => boolean,
): boolean {
  // reached[i]: the words of the pattern so far match the first i words of the key.
  let reached = [true, ...key.map(() => false)];
  for (const word of pattern) {
    const next = reached.map(() => false);
    for (let i = 0; i <= key.length; i++) {
      if (word === '#') next[i] = reached[i] === true || (i > 0 && next[i - 1] === true);
      else next[i] = i > 0 && reached[i - 1] === true && isOne(word, key[i - 1]);
    }
    reached = next;
  }
  return reached[key.length] === true;
}
