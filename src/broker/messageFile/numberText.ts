/** A number as JSON has it, or by the words of JavaScript for what JSON cannot say. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** AMQP's decimal: so many digits, so many of them after the point. */
export function decimalText({ digits, places }: { readonly digits: number; readonly places: number }): string {
  const text = String(digits).padStart(places + 1, '0');
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}
