import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { counted, formatInteger } from '../../common/format.ts';
import type { NoticeLine } from '../../protocol/messages.ts';
import { Icon } from '../icons.tsx';
import type { PanelModel } from '../model.ts';

/**
 * The last that was said of the tail, below the table, and all of it above that line when it is asked for. A warning that was
 * not read stays marked there, whatever was said since.
 */
export function NoticeBar({ model }: { readonly model: PanelModel }): JSX.Element | null {
  const { notices } = model;
  const { lines, isOpen, unread } = notices;
  const bar = useRef<HTMLButtonElement>(null);
  const last = lines.at(-1);
  if (!last) return null;
  return (
    <div
      class="notices"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        notices.open(false);
        bar.current?.focus();
      }}
    >
      <All lines={lines} isOpen={isOpen} />
      <button
        ref={bar}
        class={`notice-bar ${unread > 0 ? 'warning' : ''}`}
        aria-expanded={isOpen}
        title={isOpen ? 'Hide notices' : 'Show all notices of this tail'}
        onClick={() => notices.open(!isOpen)}
      >
        {isOpen ? <span class="notice-text">Notices</span> : <Line notice={last} />}
        {unread > 0 && <span class="notice-unread">{counted(unread, 'warning')}</span>}
        <Icon name={isOpen ? 'down' : 'up'} />
      </button>
    </div>
  );
}

/** Always there for a screen reader, which reads what is added; seen by others when it is open. */
function All({ lines, isOpen }: { readonly lines: readonly NoticeLine[]; readonly isOpen: boolean }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.number;
  useLayoutEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [isOpen, last]);
  const earlier = (lines[0]?.number ?? 1) - 1;
  return (
    <div
      ref={list}
      class={isOpen ? 'notice-list' : 'unseen'}
      role="log"
      aria-label="Notices"
      tabIndex={isOpen ? 0 : -1}
    >
      {earlier > 0 && <p class="note">{formatInteger(earlier)} before these are in the Output panel.</p>}
      {lines.map((notice) => (
        <p key={notice.number}>
          <Line notice={notice} />
        </p>
      ))}
    </div>
  );
}

function Line({ notice: { time, text, isWarning } }: { readonly notice: NoticeLine }): JSX.Element {
  return (
    <>
      <Icon name={isWarning ? 'warning' : 'info'} />
      <span class="notice-time">{time}</span>
      <span class="notice-text">{text}</span>
    </>
  );
}
