import { readFileSync } from 'node:fs'
import path from 'node:path'
import { visit } from 'unist-util-visit'
import { parseMarkdown } from '../site/markdown.ts'
import { ROOT, readSources } from '../site/sources.ts'

/** An example of the documentation: a fenced block with what its first line says. */
export interface Block {
  /** File and line, as editors open them. */
  readonly place: string
  readonly file: string
  readonly language: string
  /** Words after the language, such as `no-run`. */
  readonly marks: ReadonlySet<string>
  /** Why it is not run. */
  readonly reason: string | undefined
  readonly text: string
}

/** Every example of the documentation and the README, in the order of reading. */
export function readBlocks(): Block[] {
  const readme = { file: 'README.md', text: readFileSync(path.join(ROOT, 'README.md'), 'utf8') }
  return [readme, ...readSources()].flatMap(({ file, text }) => blocksOf(file, text))
}

function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = []
  visit(parseMarkdown(text), 'code', ({ lang, meta, value, position }) => {
    const [, reason] = /reason="([^"]+)"/.exec(meta ?? '') ?? []
    const words = (meta ?? '').replace(/reason="[^"]*"/, '').split(' ')
    const place = `${file}:${position?.start.line}`
    blocks.push({ place, file, language: lang ?? '', marks: new Set(words), reason, text: value })
  })
  return blocks
}
