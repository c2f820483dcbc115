import type { WholePrompt, WholeVersion } from '../../prompts/operations/read-whole-prompts.ts'
import type { PromptFile } from '../file/prompt-file.ts'
import { writePromptFile } from '../file/write-prompt-file.ts'
import type { PackedFile } from './write-zip.ts'

/** A file of a bundle, and the version that it holds. */
export interface VersionFile extends PackedFile {
  version: WholeVersion
}

/** The files of a prompt: the newest of its versions, and the older ones in a folder beside it. */
export function promptFiles(prompt: WholePrompt): VersionFile[] {
  const { name, category, versions } = prompt
  const base = category === null ? name : `${category}/${name}`
  return versions.map((version, index) => ({
    path: index === versions.length - 1 ? `${base}.md` : `${base}.versions/${version.number}.md`,
    text: writePromptFile(fileOf(prompt, version)),
    version,
  }))
}

function fileOf({ name, category, tags, aliases }: WholePrompt, version: WholeVersion): PromptFile {
  const { content, variables, config, title, description, publish, message, labels } = version
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
    labels,
    ...(format !== undefined && { format }),
    // Left out they are read from the text; a text that has none says so only where it looks as if it had.
    ...((variables.length > 0 || /\{[{%]/.test(JSON.stringify(body))) && { variables }),
    ...body,
  }
}
