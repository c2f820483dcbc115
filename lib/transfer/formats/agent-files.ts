import type { Json } from '../../liquid/json.ts'
import type { ReadItem, SourceFormat } from '../source.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { readHead } from './reading/front-matter.ts'
import { modelConfig } from './reading/model-config.ts'
import { withPlaces } from './reading/named-places.ts'
import { nameFromPath } from './reading/paths.ts'
import { promptItem } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { type Fields, without, wordOf, wordsOf } from './reading/values.ts'

interface Kind {
  path: RegExp
  /** The end of its file names. */
  end: RegExp
  /** The key of the configuration that its other fields are kept under. */
  tool: string
  /** Places for values; its first group is the name, its second a default or a hint. */
  places?: RegExp
}

/** Instructions for coding agents: what they do not fill in themselves goes to the model as it stands. */
const KINDS: readonly Kind[] = [
  {
    path: /\.prompt\.md$/i,
    end: /\.prompt\.md$/i,
    tool: 'copilot',
    places: /\$\{(?:input:)?([A-Za-z]\w*)(?::([^{}]*))?\}/g,
  },
  {
    path: /\.(?:instructions|chatmode|agent)\.md$/i,
    end: /\.(?:instructions|chatmode|agent)\.md$/i,
    tool: 'copilot',
  },
  { path: /(?:^|\/)copilot-instructions\.md$/i, end: /\.md$/i, tool: 'copilot' },
  { path: /\.mdc$/i, end: /\.mdc$/i, tool: 'cursor' },
  { path: /(?:^|\/)\.(?:cursor|windsurf|cline)rules$/i, end: /$^/, tool: 'cursor' },
  {
    path: /(?:^|\/)(?:\.claude\/|\.codex\/|\.opencode\/|\.cursor\/)?commands?\/(?:[^/]+\/){0,5}[^/]+\.md$/i,
    end: /\.md$/i,
    tool: 'claude-code',
    places: /\$(ARGUMENTS|[1-9](?!\d|[.,]\d))/g,
  },
  {
    path: /(?:^|\/)\.(?:claude|cursor|opencode)\/agents?\/(?:[^/]+\/){0,5}[^/]+\.md$/i,
    end: /\.md$/i,
    tool: 'claude-code',
  },
]

/** Rules, commands and prompt files of coding agents. */
export const agentFiles: SourceFormat = {
  id: 'agent-files',
  title: 'Rules and commands of coding agents',
  claim: (files) =>
    files.filter(
      ({ path }) => !/(?:^|\/)README\.md$/i.test(path) && KINDS.some((kind) => kind.path.test(path)),
    ),
  read: (files) => eachText(files, readFile),
}

function readFile(file: TextFile): ReadItem[] {
  const kind = KINDS.find(({ path }) => path.test(file.path))
  return kind === undefined ? [] : [readKind(file, kind)]
}

function readKind({ path, text }: TextFile, kind: Kind): ReadItem {
  const { fields, body, bodyOffset, notes } = readHead(text)
  const content = body.replace(/^\n+/, '')
  const skipped = bodyOffset + body.length - body.replace(/^\n+/, '').length
  const line = (at: number) => at + skipped
  const places = placesIn(kind, fields)
  const placed =
    kind.places === undefined || places === undefined ? undefined : withPlaces(content, places, line)
  const source = placed?.text ?? { text: content, language: 'none' as const, line }
  const name = wordOf(fields.name) ?? nameFromPath(path, kind.end).replace(/^\./, '')
  return promptItem({
    origin: { path },
    name,
    tags: wordsOf(fields.tags),
    notes: [...notes, ...ownWorkNotes(content, kind)],
    versions: [
      {
        content: { text: source },
        declared: declaredOf(placed?.names ?? new Map(), fields),
        config: configOf(kind, fields),
        ...said('title', wordOf(fields.title)),
        ...said('description', wordOf(fields.description)),
      },
    ],
  })
}

/** Places that have a number are there where the file says what its arguments are; else they are prices. */
function placesIn({ places, tool }: Kind, fields: Fields): RegExp | undefined {
  return tool === 'claude-code' && fields['argument-hint'] === undefined ? /\$(ARGUMENTS)/g : places
}

function declaredOf(names: ReadonlyMap<string, string | undefined>, fields: Fields): DeclaredVariable[] {
  const hint = wordOf(fields['argument-hint'])
  return [...names].map(([name, more]) => {
    const description = name === 'arguments' ? hint : more
    return { name, ...(description === undefined || description === '' ? {} : { description }) }
  })
}

/** What the agent would do with the text before the model sees it. */
function ownWorkNotes(text: string, { tool }: Kind) {
  if (tool !== 'claude-code') return []
  const runs = /!`[^`\n]+`/.test(text)
  return runs
    ? [{ message: 'Lines with !`…` run a command where they come from; here they are a part of the text' }]
    : []
}

function configOf({ tool }: Kind, fields: Fields): Record<string, Json> {
  return modelConfig(tool, without(fields, 'name', 'title', 'description', 'tags', 'tools'), {
    tools: fields.tools,
  })
}
