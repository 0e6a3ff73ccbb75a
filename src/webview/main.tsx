import { render } from 'preact';
import { App } from './app.tsx';
import { connectHost } from './host.ts';
import { PanelModel } from './model.ts';

const host = connectHost((message) => model.received(message));
const model = new PanelModel(host);
const root = document.getElementById('messages');
if (root) render(<App model={model} />, root);
host.post({ kind: 'ready' });
