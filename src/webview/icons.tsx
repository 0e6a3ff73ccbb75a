import type { JSX } from 'preact';

/** Drawn in the colour of the text around them. */
const paths = {
  held: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Zm0 1a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z',
  check: 'M13.8 4.2 6.4 12 2.2 8l.8-.8 3.4 3.2 6.6-7z',
  back: 'M6.5 3 3 6.5 6.5 10l.7-.7L4.9 7H10a2.5 2.5 0 0 1 0 5H6v1h4a3.5 3.5 0 0 0 0-7H4.9l2.3-2.3z',
  cross: 'm8 7.1 3.6-3.6.9.9L8.9 8l3.6 3.6-.9.9L8 8.9l-3.6 3.6-.9-.9L7.1 8 3.5 4.4l.9-.9z',
  broken: 'M9.5 1 4 9h3.5L6 15l6-8.5H8.5z',
  waiting: 'M4 7h1.6v1.6H4zM7.2 7h1.6v1.6H7.2zM10.4 7H12v1.6h-1.6z',
  follow: 'M7.5 2v8.6L4.4 7.5l-.8.7L8 12.6l4.4-4.4-.8-.7-3.1 3.1V2zM3 14h10v1H3z',
  columns: 'M2 3h12v10H2zm1 1v8h3V4zm4 0v8h2.5V4zm3.5 0v8H13V4z',
  filter: 'M2 3h12v1.4L9.5 9v4l-3 1.5V9L2 4.4z',
  close: 'm8 7.1 3.6-3.6.9.9L8.9 8l3.6 3.6-.9.9L8 8.9l-3.6 3.6-.9-.9L7.1 8 3.5 4.4l.9-.9z',
  copy: 'M5 2h8v9h-1.5v-1H12V3H6v1H5zM3 5h7v9H3zm1 1v7h5V6z',
  open: 'M3 3h5v1H4v8h8V8h1v5H3zm6-1h5v5h-1V3.7L8.4 8.3l-.7-.7L12.3 3H9z',
  warning: 'M8 1.5 15 14H1zM8 3.6 2.7 13h10.6zM7.5 6.5h1v3.5h-1zm0 4.3h1v1.1h-1z',
  more: 'M3 7h2v2H3zm4 0h2v2H7zm4 0h2v2h-2z',
  info: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 1a5 5 0 1 1 0 10A5 5 0 0 1 8 3ZM7.5 5h1v1.1h-1zm0 2.2h1V11h-1z',
  up: 'M8 5.3 12.7 10l-.7.7-4-4-4 4-.7-.7z',
  down: 'M8 10.7 3.3 6l.7-.7 4 4 4-4 .7.7z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
