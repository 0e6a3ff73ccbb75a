import type { ComponentChildren, JSX } from 'preact';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: ComponentChildren;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
  readonly choose: (id: string) => void;
}

/** Tabs, moved between by the arrow keys. */
export function Tabs({ label, tabs, current, choose }: TabsProps): JSX.Element {
  const shown = tabs.find(({ id }) => id === current) ?? tabs[0];
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === shown?.id);
    const to = tabAfter(event.key, at, tabs.length);
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    choose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            role="tab"
            aria-selected={id === shown?.id}
            aria-controls="tab-content"
            tabIndex={id === shown?.id ? 0 : -1}
            onClick={() => choose(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="tab-content" class="tab-content" role="tabpanel" tabIndex={0} aria-labelledby={`tab-${shown?.id}`}>
        {shown?.content}
      </div>
    </>
  );
}

function tabAfter(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
