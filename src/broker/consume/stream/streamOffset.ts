/** A message's place in its stream; undefined for one that comes from no stream. */
export function offsetOf(message: {
  readonly properties: { readonly headers?: Readonly<Record<string, unknown>> | undefined };
}): number | undefined {
  const offset = message.properties.headers?.['x-stream-offset'];
  return typeof offset === 'number' && Number.isSafeInteger(offset) ? offset : undefined;
}
