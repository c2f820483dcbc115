import type { ReadItem, SourceFile } from '../../source.ts'
import { readData } from './document.ts'
import { textOf } from './file-text.ts'
import { nameFromPath } from './paths.ts'
import { refused } from './prompt-item.ts'

const DATA = /\.(?:jsonc?|jsonl|ndjson|ya?ml|csv|tsv)$/i
/** Fields that files of prompts have. */
const PROMPT_FIELD = /(?:^[ \t]*|["'])(?:prompts?|messages|template|instructions|content)(?:["']\s*|[ \t]*):/m

/**
 * The fault of a file of data that no form claims, since it cannot be read, and which seems to hold a prompt; undefined:
 * it is whole, or about something else.
 */
export function brokenFile(file: SourceFile): ReadItem | undefined {
  if (!DATA.test(file.path)) return undefined
  const fault = faultOf(file)
  return fault && refused({ path: file.path }, nameFromPath(file.path), [fault])
}

function faultOf(file: SourceFile) {
  const found = textOf(file)
  if ('fault' in found) return { line: 1, message: found.fault }
  if (!PROMPT_FIELD.test(found.text)) return undefined
  const data = readData(file.path, found.text)
  return 'fault' in data ? data.fault : undefined
}
