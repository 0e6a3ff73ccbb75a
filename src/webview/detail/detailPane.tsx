import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MessageDetail } from '../../protocol/detail.ts';
import { StateCell } from '../grid/stateCell.tsx';
import { focusGrid } from '../focus.ts';
import { Icon } from '../icons.tsx';
import { menuContext } from '../menuContext.ts';
import type { PanelModel } from '../model.ts';
import { BodyView } from './bodyView.tsx';
import { CopyButton } from './copyButton.tsx';
import { DeathHistory } from './deathHistory.tsx';
import { HeaderTree } from './headerTree.tsx';
import { Tabs, type Tab } from './tabs.tsx';

/** Everything of the message that has the focus. */
export function DetailPane({ model }: { readonly model: PanelModel }): JSX.Element {
  const { detail } = model;
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    const tab = pane.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
    if (!model.toFocusDetail || !tab) return;
    model.toFocusDetail = false;
    tab.focus();
  });
  return (
    <section
      ref={pane}
      class="detail"
      aria-label="Message"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        model.openDetail(false);
        focusGrid();
      }}
    >
      {detail ? <Message key="message" model={model} detail={detail} /> : <Nothing model={model} />}
    </section>
  );
}

function Nothing({ model }: { readonly model: PanelModel }): JSX.Element {
  const { focus } = model.selection;
  return (
    <>
      <div class="detail-head">
        <span class="spacer" />
        <CloseButton model={model} />
      </div>
      <p class="note">{focus === undefined ? 'Select a message to see it.' : `Message #${focus} is no longer kept.`}</p>
    </>
  );
}

function Message({ model, detail }: { readonly model: PanelModel; readonly detail: MessageDetail }): JSX.Element {
  const [tab, setTab] = useState('body');
  const { number, headers, moreHeaders, deaths, facts, properties } = detail;
  const tabs: Tab[] = [
    { id: 'body', title: 'Body', content: <BodyView model={model} number={number} size={detail.size} /> },
    {
      id: 'properties',
      title: 'Properties',
      content: <Lines lines={[...facts, ...properties]} />,
    },
    {
      id: 'headers',
      title: `Headers (${headers.length + moreHeaders})`,
      content: <HeaderTree model={model} detail={detail} />,
    },
  ];
  if (deaths.length > 0) {
    tabs.push({ id: 'deaths', title: `Dead-lettered (${deaths.length})`, content: <DeathHistory deaths={deaths} /> });
  }
  return (
    <>
      <div class="detail-head">
        <h2>#{number}</h2>
        <StateCell state={detail.state} />
        <span class="spacer" />
        <CopyButton model={model} label="Copy routing key" args={{ number, what: 'routingKey' }} text="Key" />
        <CopyButton model={model} label="Copy message as JSON" args={{ number, what: 'message' }} text="JSON" />
        <MoreButton detail={detail} tail={model.tails?.current} />
        <CloseButton model={model} />
      </div>
      <Tabs label="Message" tabs={tabs} current={tab} choose={setTab} />
    </>
  );
}

/** Opens the context menu of this message: VS Code draws it where the event says. */
function MoreButton({
  detail,
  tail,
}: {
  readonly detail: MessageDetail;
  readonly tail: string | undefined;
}): JSX.Element {
  const { number, state, awaitsReply } = detail;
  return (
    <button
      class="icon-button"
      aria-label="More actions"
      title="More actions"
      aria-haspopup="menu"
      data-vscode-context={menuContext({ tail, selected: 1, isHeld: state === 'held', awaitsReply, number })}
      onClick={({ currentTarget }) => {
        const { left, bottom } = currentTarget.getBoundingClientRect();
        const event = new MouseEvent('contextmenu', { bubbles: true, clientX: left, clientY: bottom });
        currentTarget.dispatchEvent(event);
      }}
    >
      <Icon name="more" />
    </button>
  );
}

function CloseButton({ model }: { readonly model: PanelModel }): JSX.Element {
  return (
    <button
      class="icon-button"
      aria-label="Close message"
      title="Close message"
      onClick={() => {
        model.openDetail(false);
        focusGrid();
      }}
    >
      <Icon name="close" />
    </button>
  );
}

function Lines({ lines }: { readonly lines: MessageDetail['facts'] }): JSX.Element {
  return (
    <dl class="lines">
      {lines.map(({ name, text }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
