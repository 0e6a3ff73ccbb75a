import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RequestArgs } from '../../protocol/messages.ts';
import { Icon } from '../icons.tsx';
import type { PanelModel } from '../model.ts';

interface CopyButtonProps {
  readonly model: PanelModel;
  readonly label: string;
  readonly args: Omit<RequestArgs<'copy'>, 'path'> & { readonly path?: string[] };
  /** Beside the icon. */
  readonly text?: string;
}

const saidMs = 1_500;

/** Puts something of a message into the clipboard, and says that it has. */
export function CopyButton({ model, label, args, text }: CopyButtonProps): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    const timer = isCopied ? setTimeout(() => setCopied(false), saidMs) : undefined;
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      class="icon-button"
      aria-label={isCopied ? 'Copied' : label}
      title={label}
      onClick={() => void model.copy({ path: undefined, ...args }).then(setCopied)}
    >
      <Icon name={isCopied ? 'check' : 'copy'} />
      {text}
    </button>
  );
}
