/**
 * Colours for a category's mark. Each stands out by 3:1 or more from the paper of both themes (WCAG 1.4.11),
 * also under the pointer; people choose by the name.
 */
export const PALETTE = [
  { name: 'Red', color: '#dc3a35' },
  { name: 'Orange', color: '#bf5b0d' },
  { name: 'Ochre', color: '#9e7000' },
  { name: 'Olive', color: '#7a7b21' },
  { name: 'Green', color: '#278840' },
  { name: 'Teal', color: '#088580' },
  { name: 'Blue', color: '#2977d3' },
  { name: 'Indigo', color: '#666bdd' },
  { name: 'Violet', color: '#9558d8' },
  { name: 'Pink', color: '#d33985' },
  { name: 'Brown', color: '#956f56' },
  { name: 'Slate', color: '#6c7989' },
] as const

/** The first colour that no category has yet, else the one after the last. */
export function nextColor(used: readonly string[]): string {
  const free = PALETTE.find(({ color }) => !used.includes(color))
  return (free ?? PALETTE[used.length % PALETTE.length] ?? PALETTE[0]).color
}
