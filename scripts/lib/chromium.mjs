// A Chromium to drive: the system's own, since browser downloads are not reachable from everywhere.
import { aptInstall, canInstall } from './apt.mjs';
import { isExecutable, onPath, PlainError } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** Letters, a monospaced face and emoji for screenshots that read as on a desktop. */
const CHROMIUM_PACKAGES = ['chromium', 'fonts-liberation', 'fonts-dejavu-core', 'fonts-noto-color-emoji'];

/** Flags under which it runs in containers, as root, and without calling home. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];

/**
 * The path of a Chromium; installed by apt where we are root on Debian.
 * @param {(message: string) => void} [say]
 * @returns {Promise<string>}
 * @throws {PlainError}
 */
export async function ensureChromium(say = () => undefined) {
  const found = await findChromium();
  if (found !== undefined) return found;
  if (await canInstall()) {
    say('Installing Chromium (apt) …');
    await aptInstall(CHROMIUM_PACKAGES);
    const installed = await findChromium();
    if (installed !== undefined) return installed;
  }
  throw new PlainError('There is no Chromium or Chrome on PATH: install one (apt install chromium), and try again.');
}

/** @returns {Promise<string | undefined>} */
async function findChromium() {
  for (const name of NAMES) {
    const path = await onPath(name);
    if (path !== undefined) return path;
  }
  for (const path of process.platform === 'darwin' ? MAC : []) if (await isExecutable(path)) return path;
  return undefined;
}
