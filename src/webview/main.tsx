import { render } from 'preact';
import { App } from './app.tsx';
import { keepFocus } from './focus.ts';
import { connectHost } from './host.ts';
import { PanelModel } from './model.ts';
import { parsePlace } from './place.ts';

const host = connectHost(
  (message) => model.received(message),
  () => model.tails?.current,
);
const model = new PanelModel(host, parsePlace(host.kept));
let kept = '';
model.onDidChange(() => {
  const place = JSON.stringify(model.place);
  if (place === kept || place === undefined) return;
  kept = place;
  host.keep(model.place);
});
const root = document.getElementById('messages');
if (root) render(<App model={model} />, root);
window.addEventListener('focus', keepFocus);
host.post({ kind: 'ready' });
