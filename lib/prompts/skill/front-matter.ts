/** What stands at the head of a SKILL.md, and is told of the skill before any of its files is read. */
export interface SkillFrontMatter {
  readonly name: string
  readonly description: string
  /** Texts by name. */
  readonly metadata?: { readonly title: string }
}

/** Characters that YAML takes in quotes as escapes alone. */
const HIDDEN = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g

/** A text as YAML in double quotes: JSON is that, but for a few characters. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    HIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The lines from `---` to `---`. Equal front matter has equal bytes. */
export function frontMatterText({ name, description, metadata }: SkillFrontMatter): string {
  const title = metadata === undefined ? [] : ['metadata:', `  title: ${quoted(metadata.title)}`]
  // In quotes as well: a name can look like a number, or like "true".
  return ['---', `name: ${quoted(name)}`, `description: ${quoted(description)}`, ...title, '---', ''].join(
    '\n',
  )
}
