import type { JSX } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';
import { Empty } from './empty.tsx';
import { focusColumnsButton, keepFocus } from './focus.ts';
import { ColumnPicker } from './grid/columnPicker.tsx';
import { Grid } from './grid/grid.tsx';
import type { PanelModel } from './model.ts';
import { panelKey } from './panelKeys.ts';
import { Announcer } from './announcer.tsx';
import { DetailPane } from './detail/detailPane.tsx';
import { NoticeBar } from './notices/noticeBar.tsx';
import { Split } from './split.tsx';
import { Toolbar } from './toolbar.tsx';

/** The Messages panel. */
export function App({ model }: { readonly model: PanelModel }): JSX.Element {
  const [, draw] = useReducer<number, void>((n) => n + 1, 0);
  const [areColumnsShown, showColumns] = useState(false);
  // Before anything can be told.
  useLayoutEffect(() => {
    const subscription = model.onDidChange(() => draw());
    return () => subscription.dispose();
  }, [model]);
  useLayoutEffect(keepFocus);
  const { tails, problem } = model;
  if (!tails) return <div class="panel" />;
  return (
    <div class="panel" onKeyDown={(event) => panelKey(event, model)}>
      {tails.current !== undefined && (
        <Toolbar model={model} areColumnsShown={areColumnsShown} showColumns={() => showColumns(!areColumnsShown)} />
      )}
      {areColumnsShown && (
        <ColumnPicker
          model={model}
          close={(isLeft) => {
            showColumns(false);
            if (!isLeft) focusColumnsButton();
          }}
        />
      )}
      {problem !== undefined && <div class="banner">{problem}</div>}
      {tails.current !== undefined && (
        <div class="body">
          <Split
            share={model.layout.split}
            setShare={(split) => model.setLayout({ ...model.layout, split })}
            keepShare={() => model.keepLayout(model.layout)}
            second={model.isDetailOpen ? <DetailPane model={model} /> : undefined}
          >
            <Grid key={tails.current} model={model} showColumns={() => showColumns(true)} />
          </Split>
        </div>
      )}
      {tails.current !== undefined && <NoticeBar model={model} />}
      <Empty model={model} />
      <Announcer model={model} />
    </div>
  );
}
