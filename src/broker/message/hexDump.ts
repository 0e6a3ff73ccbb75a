const BYTES_PER_LINE = 16;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const SHOWN = Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));

/** Lines of offset, 16 bytes in two groups, and their ASCII, as `hexdump -C` prints them; LF between lines. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += BYTES_PER_LINE) {
    lines.push(hexLine(start, bytes.subarray(start, start + BYTES_PER_LINE)));
  }
  return lines.join('\n');
}

function hexLine(offset: number, bytes: Uint8Array): string {
  let hex = '';
  let ascii = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    hex += i === BYTES_PER_LINE / 2 ? `  ${HEX[byte]}` : ` ${HEX[byte]}`;
    ascii += SHOWN[byte];
  }
  return `${offset.toString(16).padStart(8, '0')} ${hex.padEnd(BYTES_PER_LINE * 3 + 1)}  |${ascii}|`;
}
