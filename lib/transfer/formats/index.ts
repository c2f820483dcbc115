import { cutText } from '../../text.ts'
import type { ReadItem, ReadOptions, SourceFile, SourceFormat } from '../source.ts'
import { agentFiles } from './agent-files.ts'
import { claudePrompts } from './claude-prompts.ts'
import { dotprompt } from './dotprompt/dotprompt.ts'
import { fabric } from './fabric.ts'
import { githubModels } from './github-models.ts'
import { langchain } from './langchain/langchain.ts'
import { langfuse } from './langfuse.ts'
import { mcpPrompts } from './mcp-prompts.ts'
import { openai } from './openai.ts'
import { promptFileFormat } from './prompt-file.ts'
import { promptfoo } from './promptfoo.ts'
import { prompty } from './prompty.ts'
import { brokenFile } from './reading/broken-files.ts'
import { withOwnNames } from './reading/distinct-names.ts'
import { semanticKernel } from './semantic-kernel.ts'
import { skill } from './skill.ts'
import { tables } from './tables.ts'
import { textFiles } from './text-files.ts'

/** The forms that prompts come in; whoever comes first gets a file, so those that are surest of it stand first. */
export const FORMATS: readonly SourceFormat[] = [
  promptFileFormat,
  skill,
  fabric,
  dotprompt,
  prompty,
  githubModels,
  semanticKernel,
  claudePrompts,
  promptfoo,
  langchain,
  langfuse,
  mcpPrompts,
  openai,
  agentFiles,
  tables,
  textFiles,
]

/** An item, and the form that it came in. */
export type FoundItem = ReadItem & { format: string }

/** Reads the prompts that files hold. */
export function readSources(
  files: readonly SourceFile[],
  options: ReadOptions & { format?: string | undefined },
): { items: FoundItem[]; unread: SourceFile[] } {
  const items: FoundItem[] = []
  let left = files
  for (const format of FORMATS) {
    if (options.format !== undefined && format.id !== options.format) continue
    const isNamed = options.format !== undefined && format.take !== undefined
    const claimed = new Set(isNamed ? format.take?.(left) : format.claim(left))
    if (claimed.size === 0) continue
    const found = format.read([...claimed], options)
    // It is told that nothing was found in them.
    if (found.length === 0) continue
    left = left.filter((file) => !claimed.has(file))
    items.push(...found.map((item) => ({ ...item, format: format.id })))
  }
  const unread: SourceFile[] = []
  for (const file of left) {
    const broken = brokenFile(file)
    if (broken === undefined) unread.push(file)
    else items.push({ ...broken, format: options.format ?? textFiles.id })
  }
  return {
    items: withOwnNames(withOwnPlaces(items), ({ format }) => format === promptFileFormat.id),
    unread,
  }
}

/** Longest name of a place in a file. */
const ENTRY_LENGTH = 200

/** Gives two items of one file that are called the same each a place of its own, so that a plan can name them. */
function withOwnPlaces(items: readonly FoundItem[]): FoundItem[] {
  const seen = new Map<string, number>()
  return items.map((item) => {
    const { path, entry } = item.origin
    const short = entry === undefined ? undefined : cutText(entry, ENTRY_LENGTH)
    const key = JSON.stringify([path, short])
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    if (count === 1 && short === entry) return item
    const own = count === 1 ? short : `${cutText(short ?? item.name, ENTRY_LENGTH - 10)} (${count})`
    return { ...item, origin: { ...item.origin, ...(own === undefined ? {} : { entry: own }) } }
  })
}
