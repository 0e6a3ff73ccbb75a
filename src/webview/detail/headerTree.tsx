import type { JSX } from 'preact';
import type { MessageDetail, ValueNode } from '../../protocol/detail.ts';
import type { PanelModel } from '../model.ts';
import { CopyButton } from './copyButton.tsx';

interface HeaderTreeProps {
  readonly model: PanelModel;
  readonly detail: MessageDetail;
}

/** A message's headers; tables and lists open. */
export function HeaderTree({ model, detail }: HeaderTreeProps): JSX.Element {
  const { headers, moreHeaders, number } = detail;
  if (headers.length === 0) return <p class="note">It has no headers.</p>;
  return (
    <>
      <Nodes model={model} number={number} nodes={headers} />
      {moreHeaders > 0 && <p class="note">{moreHeaders} more not shown; copy the message to see them all.</p>}
    </>
  );
}

interface NodesProps {
  readonly model: PanelModel;
  readonly number: number;
  readonly nodes: readonly ValueNode[];
}

function Nodes({ model, number, nodes }: NodesProps): JSX.Element {
  return (
    <ul class="tree">
      {nodes.map((node) => {
        const line = <Line model={model} number={number} node={node} />;
        return (
          <li key={node.path.join('\n')}>
            {node.children ? (
              <details open={node.path.length === 1}>
                <summary>{line}</summary>
                <Nodes model={model} number={number} nodes={node.children} />
              </details>
            ) : (
              line
            )}
            <CopyButton
              model={model}
              label={`Copy ${node.name}`}
              args={{ number, what: 'header', path: [...node.path] }}
            />
          </li>
        );
      })}
    </ul>
  );
}

function Line({ node }: Omit<NodesProps, 'nodes'> & { readonly node: ValueNode }): JSX.Element {
  return (
    <span class="tree-line">
      <span class="tree-name">{node.name}</span>
      <span class={`tree-value tree-${node.type}`}>{node.text}</span>
      <span class="tree-type">{node.type}</span>
    </span>
  );
}
