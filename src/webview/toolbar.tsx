import type { JSX } from 'preact';
import { counted, formatCount, formatInteger } from '../common/format.ts';
import type { SettlementName } from '../protocol/messages.ts';
import { FilterBox } from './filterBox.tsx';
import { Icon } from './icons.tsx';
import type { PanelModel } from './model.ts';
import { canSettle, keyHint } from './panelKeys.ts';

interface ToolbarProps {
  readonly model: PanelModel;
  readonly areColumnsShown: boolean;
  readonly showColumns: () => void;
}

/** Which tail is shown, the filter, how it stands, and what can be done with what is selected. */
export function Toolbar({ model, areColumnsShown, showColumns }: ToolbarProps): JSX.Element {
  const { tails, view, isFollowing } = model;
  return (
    <div class="toolbar" role="toolbar" aria-label="Messages">
      <select
        class="tails"
        aria-label="Tail"
        value={tails?.current ?? ''}
        onChange={({ currentTarget }) => model.chooseTail(currentTarget.value)}
      >
        {tails?.tails.map(({ id, label, description }) => (
          <option key={id} value={id}>
            {`${label} · ${description}`}
          </option>
        ))}
      </select>
      <FilterBox model={model} />
      <span class="counts">{countsText(model)}</span>
      <span class="tools">
        {view?.mode === 'hold' && <Settlements model={model} />}
        <button
          class="icon-button"
          aria-pressed={isFollowing}
          aria-label="Follow new messages"
          title={isFollowing ? 'Follows new messages; scroll up to stay' : 'Follow new messages'}
          onClick={() => model.setFollowing(!isFollowing)}
        >
          <Icon name="follow" />
        </button>
        <button
          class="icon-button"
          aria-label="Columns"
          title="Columns"
          aria-expanded={areColumnsShown}
          onClick={showColumns}
        >
          <Icon name="columns" />
        </button>
      </span>
    </div>
  );
}

const settlementButtons: readonly (readonly [SettlementName, string, string])[] = [
  ['acked', 'Ack', 'Takes the selected held messages off the queue for good'],
  ['requeued', 'Requeue', 'Puts the selected held messages back into the queue, marked redelivered'],
  [
    'rejected',
    'Reject',
    'Dead-letters the selected held messages where the queue has a dead-letter exchange, else drops them',
  ],
];

function Settlements({ model }: { readonly model: PanelModel }): JSX.Element {
  const { count, held } = model.counts;
  const isLive = model.view?.status === 'running' || model.view?.status === 'paused';
  return (
    <span class="settlements" role="group" aria-label="Selected messages">
      {count > 1 && (
        <span class="selected-count">
          {formatInteger(count)} selected{held < count ? `, ${formatInteger(held)} held` : ''}
        </span>
      )}
      {settlementButtons.map(([settlement, label, title]) => (
        <button
          key={settlement}
          disabled={!canSettle(model)}
          title={`${title} (${keyHint(settlement)})`}
          onClick={() => model.settle(settlement)}
        >
          {label}
        </button>
      ))}
      <button
        disabled={!isLive || (model.view?.held ?? 0) === 0}
        title="Acks the selected message, or the oldest held one, and goes on to the next"
        onClick={() => model.step()}
      >
        Step
      </button>
    </span>
  );
}

/** `12 of 4,812 · 4 held · 120/s`. */
export function countsText({ view, count }: PanelModel): string {
  if (!view) return '';
  const isFiltered = view.filter.trim() !== '';
  const parts = [isFiltered ? `${formatInteger(count)} of ${formatInteger(view.kept)}` : counted(count, 'message')];
  if (view.progress !== undefined) parts.push(`filtering ${Math.floor(view.progress * 100)} %`);
  if (view.received > view.kept) parts.push(`${formatInteger(view.received)} received`);
  if (view.held > 0 && view.mode === 'hold') parts.push(`${formatInteger(view.held)} held`);
  if (view.place !== undefined) parts.push(view.place);
  if (view.rate > 0) parts.push(`${formatCount(view.rate)}/s`);
  if (view.status !== 'running') parts.push(view.status);
  return parts.join(' · ');
}
