/** `{"order": …}` of 667 bytes, packed by `zstd` 1.5 with a checksum, and without one. */
export const zstdJson = {
  text: JSON.stringify({ order: { id: 7, lines: Array.from({ length: 20 }, () => 'x'.repeat(30)) } })
    .replaceAll(':', ': ')
    .replaceAll(',', ', '),
  packed: Buffer.from('KLUv/WTHAY0BAGQCeyJvcmRlciI6IHsiaWQiOiA3LCAibGluZXMiOiBbIngiLCBdfX0CAIGKqgZu8AS7+h1E', 'base64'),
  packedWithoutChecksum: Buffer.from(
    'KLUv/WDHAY0BAGQCeyJvcmRlciI6IHsiaWQiOiA3LCAibGluZXMiOiBbIngiLCBdfX0CAIGKqgZu8AQ=',
    'base64',
  ),
};

/**
 * A Zstandard frame (RFC 8878) of blocks that repeat a byte.
 * @param window its descriptor
 * @param size of each block
 */
export function zstdFrame({ window, blocks, size }: { window: number; blocks: number; size: number }): Buffer {
  const body = Array.from({ length: blocks }, (_, i) => {
    const header = (i === blocks - 1 ? 1 : 0) | (1 << 1) | (size << 3);
    return Buffer.of(header & 0xff, (header >> 8) & 0xff, header >> 16, 0x78);
  });
  return Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, window), ...body]);
}
