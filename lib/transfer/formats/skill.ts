import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import { eachText } from './reading/each-file.ts'
import { readHead } from './reading/front-matter.ts'
import { nameFromPath, partsOf } from './reading/paths.ts'
import { promptItem } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { fieldsOf, isEmpty, without, wordOf, wordsOf } from './reading/values.ts'

const SKILL = /(?:^|\/)SKILL\.md$/i
/** Folders of a skill that is not in a folder of its own. */
const PARTS_AT_TOP = /^(?:scripts|references?|assets|evals|templates|resources|examples)\//i
const NAMED_FILES = 5

/** Agent Skills: a folder with SKILL.md, whose body goes to the model as it is. */
export const skill: SourceFormat = {
  id: 'skill',
  title: 'Agent Skills (SKILL.md)',
  claim(files) {
    const roots = files.flatMap(({ path }) => (SKILL.test(path) ? [folderOf(path)] : []))
    return files.filter(({ path }) => roots.some((root) => isWithin(path, root)))
  },
  read(files) {
    const skills = files.filter(({ path }) => SKILL.test(path))
    return eachText(skills, ({ path, text }) => readSkill(path, text, partsOfSkill(path, files)))
  },
}

/** With a slash at its end; empty: the top. */
function folderOf(path: string): string {
  return path.replace(/[^/]+$/, '')
}

function isWithin(path: string, root: string): boolean {
  if (root === '') return SKILL.test(path) || PARTS_AT_TOP.test(path)
  return path.startsWith(root)
}

/** The other files of a skill, but for those of a skill within its folder. */
function partsOfSkill(path: string, files: readonly SourceFile[]): string[] {
  const root = folderOf(path)
  const inner = files.flatMap((file) =>
    SKILL.test(file.path) && file.path !== path ? [folderOf(file.path)] : [],
  )
  return files
    .map((file) => file.path)
    .filter((each) => each !== path && isWithin(each, root) && !SKILL.test(each))
    .filter((each) => !inner.some((folder) => folder.length > root.length && each.startsWith(folder)))
    .map((each) => each.slice(root.length))
}

function readSkill(path: string, text: string, parts: readonly string[]): ReadItem {
  const { fields, body, bodyOffset, notes } = readHead(text)
  const { folders } = partsOf(path)
  const rest = without(fields, 'name', 'description', 'title', 'tags')
  return promptItem({
    origin: { path },
    name: wordOf(fields.name) ?? folders.at(-1) ?? nameFromPath(path),
    tags: wordsOf(fields.tags ?? fieldsOf(fields.metadata).tags),
    notes: [...notes, ...partNotes(parts)],
    versions: [
      {
        content: {
          text: { text: body.replace(/^\n/, ''), language: 'none', line: (line) => line + bodyOffset },
        },
        ...said('title', wordOf(fields.title)),
        ...said('description', wordOf(fields.description)),
        ...(isEmpty(rest) ? {} : { config: { skill: rest } }),
      },
    ],
  })
}

function partNotes(parts: readonly string[]): SourceNote[] {
  if (parts.length === 0) return []
  const named = parts.slice(0, NAMED_FILES).join(', ')
  const more = parts.length > NAMED_FILES ? ` and ${parts.length - NAMED_FILES} more` : ''
  return [{ message: `The files beside it do not come along: ${named}${more}` }]
}
