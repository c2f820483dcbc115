/** A section of CHANGELOG.md. */
export interface ChangelogSection {
  /** `Unreleased`, or a version such as `0.2.0`. */
  name: string
  /** `2026-11-29`; undefined for what is not released. */
  date: string | undefined
  text: string
}

const HEADING = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/

/** The sections of CHANGELOG.md from the newest on. */
export function readChangelog(text: string): ChangelogSection[] {
  const sections: ChangelogSection[] = []
  for (const line of text.split('\n')) {
    const [, name, date] = HEADING.exec(line) ?? []
    const open = sections.at(-1)
    if (name !== undefined) sections.push({ name, date, text: '' })
    else if (open !== undefined) open.text += `${line}\n`
  }
  return sections
}
