/**
 * A text that came from a server (a proxy may echo headers), without the secrets that were sent to it: each is replaced by
 * `***` as it is, in JSON's escapes and percent-encoded; what repeats one in yet another percent-encoding is not told at all.
 */
export function redact(text: string, secrets: readonly string[]): string {
  // By way of UTF-8, as they are sent: `encodeURIComponent` throws on half of a surrogate pair.
  const known = secrets.filter((secret) => secret !== '').map((secret) => Buffer.from(secret, 'utf8').toString('utf8'));
  const forms = known.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  const clean = forms.reduce((rest, form) => rest.replaceAll(form, '***'), text);
  const decoded = percentDecoded(clean);
  return known.some((secret) => decoded.includes(secret)) ? 'it repeats the password' : clean;
}

/** As lenient as can be: what is no UTF-8 stays undecoded by `decodeURIComponent`, which throws. */
function percentDecoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/(?:%[\da-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'));
}
