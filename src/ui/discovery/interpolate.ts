/** `$$`, `$NAME`, or `${NAME…}` with what stands behind the name; defaults within defaults are not followed. */
const reference = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^}]*))?\})/g;

/** Far more than a user name, a password or a port takes. */
const longest = 4_096;

/**
 * A value of a compose file with its variables filled in.
 * @returns undefined when a variable is not known and has no default, or the value is far too long
 * @see https://docs.docker.com/reference/compose-file/interpolation/
 */
export function interpolate(text: string, variables: ReadonlyMap<string, string>): string | undefined {
  if (text.length > longest) return undefined;
  let isKnown = true;
  const filled = text.replace(
    reference,
    (whole, plain?: string, braced?: string, operator?: string, operand?: string) => {
      const name = plain ?? braced;
      if (name === undefined) return '$';
      const value = variables.get(name);
      const isSet = operator?.startsWith(':') === true ? value !== undefined && value !== '' : value !== undefined;
      const kind = operator?.at(-1);
      if (kind === '+') return isSet ? (operand ?? '') : '';
      if (isSet && value !== undefined) return value;
      if (kind === '-') return operand ?? '';
      isKnown = false;
      return whole;
    },
  );
  return isKnown ? filled : undefined;
}
