/**
 * The page of a prompt with a version chosen by label or number, to read; the plain address is the editor,
 * which works on the newest.
 */
export function versionHref(name: string, chosen: { label: string } | { version: number }): string {
  if ('version' in chosen) return `/prompts/${name}?version=${chosen.version}`
  return chosen.label === 'latest' ? `/prompts/${name}` : `/prompts/${name}?label=${chosen.label}`
}
