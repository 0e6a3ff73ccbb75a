/** Strings, so that digits in them are left alone, and numbers. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON whose numbers keep their AMQP types when amqplib encodes what it parses to: RabbitMQ writes a double as `5.0` and an
 * integer as `5`, which JavaScript reads alike, and integers that JavaScript would round.
 * @see amqplib `lib/codec.js`, `encodeFieldValue`
 */
export function withTypedNumbers(json: string): string {
  return json.replace(tokens, (token) => {
    if (token.startsWith('"')) return token;
    if (/[.eE]/.test(token)) return `{"!":"double","value":${token}}`;
    return Number.isSafeInteger(Number(token)) ? token : `{"!":"long","value":"${token}"}`;
  });
}
