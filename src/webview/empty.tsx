import type { JSX } from 'preact';
import type { PanelModel } from './model.ts';

/** What stands where there are no rows, with what would help. */
export function Empty({ model }: { readonly model: PanelModel }): JSX.Element | null {
  const { tails, view } = model;
  if (!tails) return null;
  if (tails.current === undefined) return <NoTail model={model} hasConnections={tails.hasConnections} />;
  if (!view || view.high > view.low) return null;
  if (view.filter.trim() !== '' && view.kept > 0) {
    if (view.progress !== undefined) return <Note text="Filtering…" />;
    return (
      <Note text="No message matches the filter.">
        <button onClick={() => void model.filter.set('')}>Clear Filter</button>
      </Note>
    );
  }
  switch (view.status) {
    case 'paused':
      return (
        <Note text="Delivery is paused.">
          <button onClick={() => model.press('resume')}>Resume Delivery</button>
        </Note>
      );
    case 'ended':
      return (
        <Note text={view.reason === '' ? 'The tail has ended.' : `The tail has ended: ${view.reason}`}>
          <button onClick={() => model.press('again')}>Tail Again</button>
        </Note>
      );
    default:
      return <Note text={view.received === 0 ? 'Waiting for messages…' : 'No new messages yet.'} />;
  }
}

function NoTail({
  model,
  hasConnections,
}: {
  readonly model: PanelModel;
  readonly hasConnections: boolean;
}): JSX.Element {
  return hasConnections ? (
    <Note text="Tail a queue to see its messages here.">
      <button onClick={() => model.press('tailQueue')}>Tail Queue…</button>
    </Note>
  ) : (
    <Note text="Connect to RabbitMQ, then tail a queue to see its messages here.">
      <button onClick={() => model.press('addConnection')}>Add Connection…</button>
    </Note>
  );
}

function Note({ text, children }: { readonly text: string; readonly children?: JSX.Element }): JSX.Element {
  return (
    <div class="empty">
      <p>{text}</p>
      {children}
    </div>
  );
}
