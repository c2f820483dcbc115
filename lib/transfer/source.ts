import type { Json } from '../liquid/json.ts'
import type { PromptMessage } from '../prompts/content/content.ts'
import type { Publish } from '../prompts/schema.ts'
import type { VariableInput } from '../prompts/variables/variables.ts'

/** A file that somebody brought. `path` is within what was brought, with `/` between folders, and checked. */
export interface SourceFile {
  path: string
  bytes: Uint8Array
}

/** What should be known of an item. `line` counts from 1 in its file. */
export interface SourceNote {
  line?: number
  message: string
}

/** Where an item stands: its file, and the line or the entry of the file that holds several. */
export interface Origin {
  path: string
  line?: number
  entry?: string
}

/** A reference in a text, and the version that it was pinned to. */
export interface SourcePin {
  ref: string
  name: string
  version: number
  checksum: string
}

/** One version as its source says it, in the fields of a new version. */
export interface SourceVersion {
  /** Its number at the source, where texts may name it by that. */
  number?: number
  /** Which version it was at the source, whatever its number is here. */
  was?: { number: number; checksum: string }
  /** What its references were pinned to there. */
  pins?: SourcePin[]
  template_content?: string
  messages?: PromptMessage[]
  /** Left out: Liquid. */
  format?: 'liquid' | 'text'
  /** Left out: inferred from the text. */
  variables?: VariableInput[]
  config?: Record<string, Json>
  title?: string
  description?: string
  publish?: Partial<Publish>
  message?: string
  /** Labels that name this version at the source. */
  labels?: string[]
}

/** A text that was written in another template language, before and after. */
export interface Conversion {
  /** Where the text stands in its version: `template_content`, or `messages`, index, `content`. */
  path: (string | number)[]
  language: string
  before: string
  after: string
}

/** A prompt as its source says it. */
export interface SourceItem {
  kind: 'prompt'
  origin: Origin
  /** As the source has it; it becomes a slug when the import is planned. */
  name: string
  category?: string
  tags?: string[]
  aliases?: string[]
  /** Fields that the file says itself: a prompt that is there gets them, too. */
  says?: readonly ('category' | 'tags' | 'aliases')[]
  /** At least one, the oldest first. */
  versions: SourceVersion[]
  notes: SourceNote[]
  /** Of the newest version. */
  conversions?: Conversion[]
  /** Where texts of the newest version begin in the file, where they stand there as they are. */
  places?: TextPlace[]
}

/** Where a text begins: its path in the version, and a line that counts from 1. */
export interface TextPlace {
  path: (string | number)[]
  line: number
}

/** What is meant as a prompt and cannot be one here; the notes say why, and what to do. */
export interface RefusedItem {
  kind: 'refused'
  origin: Origin
  name: string
  notes: SourceNote[]
}

export type ReadItem = SourceItem | RefusedItem

/** What a person may say beside the files, where a format needs it. */
export interface ReadOptions {
  /** Columns of a table, by what they hold: `name`, `text`, … */
  columns?: Readonly<Record<string, string>>
}

/** A form that prompts come in. */
export interface SourceFormat {
  /** Its name on the wire: `dotprompt`. */
  id: string
  /** Its name for people. */
  title: string
  /** Those of the files that are surely of this form; whoever comes first in the table of formats gets a file. */
  claim(files: readonly SourceFile[]): readonly SourceFile[]
  /** Those that may be of this form, where somebody says that they are; left out: those that surely are. */
  take?(files: readonly SourceFile[]): readonly SourceFile[]
  /** Reads what it claimed. A file that is broken is a refused item, never an error. */
  read(files: readonly SourceFile[], options: ReadOptions): ReadItem[]
}
