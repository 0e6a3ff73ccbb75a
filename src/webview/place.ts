/** Where a person was when the panel was hidden: VS Code lets go of a webview that is not seen. */
export interface Place {
  readonly tail: string;
  readonly focus: number | undefined;
  readonly isDetailOpen: boolean;
  readonly isFollowing: boolean;
}

/** What was kept, if it is a place. */
export function parsePlace(kept: unknown): Place | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const { tail, focus, isDetailOpen, isFollowing } = kept as Partial<Record<keyof Place, unknown>>;
  if (typeof tail !== 'string') return undefined;
  return {
    tail,
    focus: typeof focus === 'number' ? focus : undefined,
    isDetailOpen: isDetailOpen === true,
    isFollowing: isFollowing !== false,
  };
}
