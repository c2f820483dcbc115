import type { Json } from '../../liquid/json.ts'
import type { SourceLanguage } from '../convert/convert.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import type { SourceContent, SourceMessage } from './reading/content.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { readHead } from './reading/front-matter.ts'
import { guessLanguage, languageOfEnd } from './reading/guess-language.ts'
import { modelConfig } from './reading/model-config.ts'
import { nameFromPath, partsOf } from './reading/paths.ts'
import { firstThatFits, type ItemDraft, refused } from './reading/prompt-item.ts'
import { isTalk, ROLES_AS_LINES, splitRoles } from './reading/role-lines.ts'
import { said } from './reading/said.ts'
import { type Fields, without, wordOf, wordsOf } from './reading/values.ts'

const TEXT = /\.(?:md|markdown|txt|text|j2|jinja2?|njk|nunjucks|hbs|handlebars|mustache|liquid)$/i
const ENDS =
  /(?:\.(?:md|markdown|txt|text|j2|jinja2?|njk|nunjucks|hbs|handlebars|mustache|liquid|prompt|template|tmpl))+$/i
const ABOUT_END = String.raw`(?:[._-](?:[a-z]{2}(?:[-_][a-z]{2,4})?|template))?\.(?:md|markdown|txt|text)$`
/** What stands beside prompts and is none. */
const ABOUT = new RegExp(
  String.raw`^(?:readme|licen[sc]e|copying|changelog|contributing|contributors|code_of_conduct|authors|notice|codeowners|maintainers|agents|claude|gemini|third[-_]party[-_]notices|pull_request_template|issue_template|robots|llms(?:-full)?|cmakelists)${ABOUT_END}`,
  'i',
)
/** What is so at the top of what was brought; in folders of prompts it is what some prompt is called. */
const ABOUT_AT_TOP = new RegExp(
  String.raw`^(?:changes|history|security|support|governance|roadmap|install|todo|requirements[\w.-]{0,50}|constraints)${ABOUT_END}`,
  'i',
)
const REQUIREMENTS = /^(?:requirements|constraints)[\w.-]{0,50}\.txt$/i
const ELSEWHERE = /(?:^|\/)(?:node_modules|\.git|\.github|\.venv|venv|__pycache__|dist|build)\//i
/** Folders that say nothing of what is in them. */
const NO_CATEGORY =
  /^(?:prompts?|system[-_ ]?prompts?|src|lib|docs?|templates?|data|resources|content|files|main|master|\.|)$/i

/** Folders of Markdown, of plain texts and of templates, which their ends name. */
export const textFiles: SourceFormat = {
  id: 'text',
  title: 'Markdown and text files',
  claim(files) {
    const texts = files.filter(({ path }) => TEXT.test(path) && !ELSEWHERE.test(path))
    // Whoever brings one file alone means it.
    return texts.length === 1 && files.length === 1 ? texts : texts.filter(({ path }) => !isAbout(path))
  },
  read(files) {
    const shelves = shelvesOf(files)
    const families = familiesOf(files)
    return eachText(files, (file) =>
      readText(file, shelves.get(file.path), families.get(languageOfEnd(file.path)) ?? NO_FAMILY),
    )
  },
}

function isAbout(path: string): boolean {
  const { folders, file } = partsOf(path)
  return ABOUT.test(file) || REQUIREMENTS.test(file) || (folders.length < 2 && ABOUT_AT_TOP.test(file))
}

/** Templates of one language that others put in, by the names that these may have for them, and as prompts. */
interface Family {
  partials: Map<string, string>
  names: Map<string, string>
}

const NO_FAMILY: Family = { partials: new Map(), names: new Map() }

function familiesOf(files: readonly SourceFile[]): Map<SourceLanguage | undefined, Family> {
  const templates = files.flatMap((file) => {
    const language = languageOfEnd(file.path)
    const { fields, body } = language === undefined ? { fields: {}, body: '' } : readHead(peek(file))
    return language === undefined ? [] : [{ file, language, body, name: ownName(file.path, fields) }]
  })
  const called = Map.groupBy(templates, ({ name }) => name)
  const families = new Map<SourceLanguage | undefined, Family>()
  for (const { file, language, body, name } of templates) {
    // Which of two that are called the same is meant cannot be said in an include.
    if ((called.get(name)?.length ?? 0) > 1) continue
    const family = families.get(language) ?? { partials: new Map(), names: new Map() }
    families.set(language, family)
    for (const each of namesOf(file.path)) {
      if (!family.partials.has(each)) family.partials.set(each, body)
      if (!family.names.has(each)) family.names.set(each, name)
    }
  }
  return families
}

/** What others may call a template: by its path, its file, or that without its ends. */
function namesOf(path: string): string[] {
  const { folders, file } = partsOf(path)
  const paths = folders.map((_, index) => [...folders.slice(index), file].join('/'))
  return [...paths, file, file.replace(ENDS, ''), file.replace(/^_/, '').replace(ENDS, '')]
}

function ownName(path: string, fields: Fields): string {
  return wordOf(fields.name) ?? wordOf(fields.slug) ?? nameFromPath(path, ENDS)
}

/** The category of each file: its folder, where there is more than one. */
function shelvesOf(files: readonly SourceFile[]): Map<string, string> {
  const folders = new Map(files.map(({ path }) => [path, partsOf(path).folders]))
  const isOne = new Set([...folders.values()].map((each) => each.join('/'))).size < 2
  const shared = isOne ? 0 : sharedFolders([...folders.values()])
  return new Map(
    [...folders].flatMap(([path, each]): [string, string][] => {
      const last = each
        .slice(isOne ? each.length : shared)
        .filter((folder) => folder !== nameFromPath(path, ENDS))
        .at(-1)
      return last === undefined || NO_CATEGORY.test(last) ? [] : [[path, last]]
    }),
  )
}

function sharedFolders(lists: readonly string[][]): number {
  const [first = []] = lists
  let count = 0
  while (count < first.length && lists.every((each) => each[count] === first[count])) count += 1
  return count
}

function readText({ path, text }: TextFile, shelf: string | undefined, family: Family): ReadItem {
  const { fields, body, bodyOffset, notes } = readHead(text)
  const name = ownName(path, fields)
  const content = Object.keys(fields).length === 0 ? body : body.replace(/^\n+/, '')
  const offset = bodyOffset + body.length - content.length
  if (content.trim() === '') return refused({ path }, name, [{ line: 1, message: 'It holds no text' }])
  const draft = ({ content, notes: found }: ReadContent): ItemDraft => ({
    origin: { path },
    name,
    category: wordOf(fields.category) ?? shelf,
    tags: wordsOf(fields.tags ?? fields.keywords),
    notes: [...notes, ...found],
    versions: [
      {
        content,
        partials: family.partials,
        nameOfPartial: (each) => family.names.get(each) ?? each,
        config: configOf(fields),
        ...said('title', wordOf(fields.title) ?? headingOf(body)),
        ...said('description', wordOf(fields.description) ?? wordOf(fields.summary)),
      },
    ],
  })
  const [first, ...others] = contentsOf(path, content, offset)
  return firstThatFits([draft(first), ...others.map(draft)])
}

interface ReadContent {
  content: SourceContent
  notes: SourceNote[]
}

/** What a text may be, the best first: a talk where lines say who speaks, else one text. */
function contentsOf(path: string, text: string, offset: number): [ReadContent, ...ReadContent[]] {
  const named = languageOfEnd(path)
  const guess = guessLanguage(text)
  const language = named ?? guess.language
  const isGuess = named === undefined
  const whole = {
    content: { text: { text, language, isGuess, line: (at: number) => at + offset } },
    notes: [],
  }
  if ((guess.messages === undefined && !isTalk(text)) || language === 'dotprompt') return [whole]
  const note = { line: 1 + offset, message: 'Lines that say who speaks make it a chat prompt' }
  const split = splitRoles(text, language, { offset })
  // Other ways to say who speaks are known to the editor alone.
  const messages: readonly SourceMessage[] =
    split.messages.length > 1
      ? split.messages
      : (guess.messages ?? []).map(({ role, content }) => ({ role, content: { text: content, language } }))
  const lines = { ...whole, notes: [{ message: ROLES_AS_LINES }] }
  return [{ content: { messages }, notes: [note, ...split.notes] }, lines]
}

/** The heading that a text begins with: one further below is that of a part. */
function headingOf(text: string): string | undefined {
  const title = /^(?:\s|<!--(?:(?!-->)[^]){0,2000}-->)*#[ \t]+(.{1,120})(?:\n|$)/
    .exec(text.slice(0, 4000))?.[1]
    ?.replaceAll(/[*_`#]/g, '')
    .trim()
  return title === '' || title?.includes('{{') || title?.endsWith(':') ? undefined : title
}

function configOf(fields: Fields): Record<string, Json> {
  return modelConfig(
    'front_matter',
    without(fields, 'name', 'slug', 'title', 'description', 'summary', 'tags', 'keywords', 'category'),
  )
}
