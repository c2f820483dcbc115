import { globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

// Writes the index of the decisions, docs/adr/README.md, from their titles.

const FOLDER = path.resolve(import.meta.dirname, '../../docs/adr')

/** The index as it should be. @throws naming a decision without a title */
export function decisionIndex(): string {
  const files = globSync('[0-9]*.md', { cwd: FOLDER }).toSorted()
  const rows = files.map((file) => {
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readFileSync(path.join(FOLDER, file), 'utf8')) ?? []
    if (title === undefined) throw new Error(`docs/adr/${file} does not begin with “# number. title”.`)
    return `| ${number} | [${title}](${file}) |`
  })
  return `# Decisions

What was decided, why, and what follows from it. A decision is never rewritten: a later one supersedes it and says so. \`node scripts/docs/decisions.ts\` writes this list.

| | decision |
|---|---|
${rows.join('\n')}
`
}

if (import.meta.main) writeFileSync(path.join(FOLDER, 'README.md'), decisionIndex())
