import type { WholePrompt, WholeVersion } from '../../prompts/operations/read-whole-prompts.ts'
import type { PromptFile } from '../file/prompt-file.ts'
import { writePromptFile } from '../file/write-prompt-file.ts'
import type { PackedFile } from './write-zip.ts'

/** The file of one version of a prompt: the newest of its versions stands alone, the older ones in a folder beside it. */
export function versionFile(prompt: WholePrompt, version: WholeVersion): PackedFile {
  const { name, category, versions } = prompt
  const base = category === null ? name : `${category}/${name}`
  const isNewest = version.number === versions.at(-1)?.number
  return {
    path: isNewest ? `${base}.md` : `${base}.versions/${version.number}.md`,
    text: writePromptFile(fileOf(prompt, version)),
  }
}

function fileOf({ name, category, tags, aliases, versions }: WholePrompt, version: WholeVersion): PromptFile {
  const { number, content, variables, config, title, description, publish, message } = version
  const { kind: _, format, ...body } = content
  return {
    name,
    ...(category !== null && { category }),
    title,
    description,
    tags,
    aliases,
    config,
    publish,
    message,
    labels: versions.find((each) => each.number === number)?.labels ?? [],
    ...(format !== undefined && { format }),
    // Left out they are read from the text; a text that has none says so only where it looks as if it had.
    ...((variables.length > 0 || /\{[{%]/.test(JSON.stringify(body))) && { variables }),
    ...body,
  }
}
