import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { bodyForms, type BodyForm, type BodyText } from '../../protocol/messages.ts';
import { Icon } from '../icons.tsx';
import type { PanelModel } from '../model.ts';
import { CopyButton } from './copyButton.tsx';

interface BodyViewProps {
  readonly model: PanelModel;
  readonly number: number;
  readonly size: string;
}

const titles: Readonly<Record<BodyForm, string>> = { pretty: 'Pretty', raw: 'Raw', hex: 'Hex' };

/** A body, laid out, as it came, or byte by byte. */
export function BodyView({ model, number, size }: BodyViewProps): JSX.Element {
  const [form, setForm] = useState<BodyForm>('pretty');
  const [found, setFound] = useState<BodyText | 'failed' | undefined>(undefined);
  const body = found === 'failed' ? undefined : found;
  // Another decoder begins a new one.
  const epoch = model.view?.epoch;
  useEffect(() => {
    let isWanted = true;
    model.ask('body', { number, form }).then(
      (text) => isWanted && setFound(text),
      () => isWanted && setFound('failed'),
    );
    return () => {
      isWanted = false;
    };
  }, [model, number, form, epoch]);
  return (
    <div class="body-view">
      <div class="body-bar" role="group" aria-label="Body">
        {bodyForms.map((each) => (
          <button key={each} class="choice-button" aria-pressed={each === form} onClick={() => setForm(each)}>
            {titles[each]}
          </button>
        ))}
        <span class="note">{[size, body?.kind].filter(Boolean).join(' · ')}</span>
        <span class="body-actions">
          <CopyButton model={model} label="Copy body" args={{ number, what: 'body' }} />
          <button
            class="icon-button"
            aria-label="Open body in an editor"
            title="Open body in an editor"
            onClick={() => model.openMessage(number)}
          >
            <Icon name="open" />
          </button>
        </span>
      </div>
      {found === 'failed' ? <p class="note">The body could not be read.</p> : <pre>{body?.text}</pre>}
      {body !== undefined && body.omitted !== '' && (
        <p class="note">
          … {body.omitted}. <button onClick={() => model.openMessage(number)}>Open Whole Body</button>
        </p>
      )}
    </div>
  );
}
