// Builds the extension and packs it into dist/warren.vsix.
import { PACKAGE, packageExtension } from './lib/package.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  await packageExtension();
  console.log(`Packed ${PACKAGE}`);
});
