import { createHash } from 'node:crypto'
import type { Actor } from '../../access/actor.ts'
import { assertRoomForDownload, heldDownload } from '../../access/held-download.ts'
import type { Download } from '../../download.ts'
import { appError, overLimit } from '../../errors.ts'
import {
  type IncludedVersions,
  readIncludedPrompts,
  readIncludedVersions,
} from '../../prompts/operations/read-included-versions.ts'
import {
  findMissingNames,
  readWholePrompts,
  readWholeVersions,
  type WholePrompt,
  type WholePromptsInput,
  type WholeVersion,
} from '../../prompts/operations/read-whole-prompts.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { VERSION } from '../../version.ts'
import { versionFile } from '../bundle/prompt-files.ts'
import { type PackedFile, zipParts } from '../bundle/write-zip.ts'
import { chosenPrompts } from '../chosen-prompts.ts'
import { assertMayExport } from '../policy.ts'
import { BUNDLE_FORMAT, MANIFEST } from '../rules.ts'
import type { ExportQuery, Manifest } from '../schema.ts'

/** Names that an error tells. */
const TOLD = 20

/** Prompts that are read at a time, without their texts. */
const AT_ONCE = 100
/** Versions whose texts are read and held at a time, and their bytes; one that is larger comes alone. */
const VERSIONS_AT_ONCE = 100
const BYTES_AT_ONCE = 2_000_000

/**
 * Prompts as files in a zip that is packed while it is sent: its size does not matter. Whoever is pinned to a label gets
 * what it names.
 * @throws not_found for a name that nothing has, and where nothing is left; forbidden, unavailable
 */
export const exportPrompts = operation('exportPrompts', run)

async function run(actor: Actor, query: ExportQuery): Promise<Download> {
  assertMayExport(actor)
  assertRoomForDownload(actor)
  const input: WholePromptsInput = { ...chosenPrompts(query), limit: AT_ONCE }
  const { names } = input
  const first = await readWholePrompts(actor, input)
  if (first.length === 0) throw nothingLeft(query)
  if (names !== undefined) await assertAllFound(actor, { ...input, names })
  const besides = query.includes === 'true' ? await readIncludedVersions(actor, input) : []
  const prompts = withIncluded(actor, readOn(actor, input, first), besides)
  return heldDownload(actor, {
    fileName: 'prompts.zip',
    mediaType: 'application/zip',
    what: 'an export of prompts',
    parts: zipParts(bundle(actor, prompts)),
  })
}

function nothingLeft({ prompt, category, label }: ExportQuery) {
  const filters = [
    ...(prompt === undefined ? [] : [`prompts ${prompt.map((name) => `"${name}"`).join(', ')}`]),
    ...(category === undefined ? [] : [`the category "${category}"`]),
    ...(label === undefined ? [] : [`the label "${label}"`]),
  ]
  const what =
    filters.length === 0 ? 'There are no prompts yet.' : `Nothing has all of: ${filters.join('; ')}.`
  return appError('not_found', `There is nothing to export. ${what}`)
}

async function assertAllFound(
  actor: Actor,
  input: WholePromptsInput & { names: readonly string[] },
): Promise<void> {
  const missing = await findMissingNames(actor, input)
  if (missing.length === 0) return
  const more = missing.length > TOLD ? ` and ${missing.length - TOLD} more` : ''
  const list = missing
    .slice(0, TOLD)
    .map((name) => `"${name}"`)
    .join(', ')
    .concat(more)
  throw appError('not_found', `There is no prompt ${list} among those that the other filters leave.`, {
    details: [{ path: ['prompt'], code: 'not_found', message: `There is no prompt ${list}` }],
  })
}

async function* readOn(
  actor: Actor,
  input: WholePromptsInput,
  first: WholePrompt[],
): AsyncGenerator<WholePrompt> {
  let part = first
  while (part.length > 0) {
    yield* part
    const after = part.length < AT_ONCE ? undefined : part.at(-1)?.id
    part = after === undefined ? [] : await readWholePrompts(actor, { ...input, after })
  }
}

/** A prompt, and the numbers of its versions that come along for those that include them. */
interface Exported extends WholePrompt {
  included: ReadonlySet<number>
}

const numbersOf = (versions: WholePrompt['versions']) => new Set(versions.map(({ number }) => number))

/** The prompts with what they include: more of their own versions, and other prompts behind them. */
async function* withIncluded(
  actor: Actor,
  prompts: AsyncIterable<WholePrompt>,
  besides: readonly IncludedVersions[],
): AsyncGenerator<Exported> {
  const more = new Map(besides.flatMap((each) => (each.isChosen ? [[each.id, each] as const] : [])))
  for await (const prompt of prompts) {
    const own = more.get(prompt.id)
    const versions = [...prompt.versions, ...(own?.versions ?? [])]
    yield {
      ...prompt,
      versions: versions.toSorted((one, other) => one.number - other.number),
      redacted: [...prompt.redacted, ...(own?.redacted ?? [])],
      included: numbersOf(own?.versions ?? []),
    }
  }
  const others = besides.filter(({ isChosen }) => !isChosen)
  for (let at = 0; at < others.length; at += AT_ONCE) {
    const included = others.slice(at, at + AT_ONCE)
    for (const prompt of await readIncludedPrompts(actor, { included })) {
      yield { ...prompt, included: numbersOf(prompt.versions) }
    }
  }
}

interface Found {
  prompt: Exported
  version: WholeVersion
}

/** The versions of prompts with their texts, some at a time. */
async function* withTexts(actor: Actor, prompts: AsyncIterable<Exported>): AsyncGenerator<Found> {
  let part: { prompt: Exported; number: number }[] = []
  let bytes = 0
  const read = async () => {
    const owners = new Map(part.map(({ prompt }) => [prompt.id, prompt]))
    const wanted = part.map(({ prompt: { id: promptId }, number }) => ({ promptId, number }))
    part = []
    bytes = 0
    const versions = await readWholeVersions(actor, { wanted })
    return versions.flatMap((version): Found[] => {
      const prompt = owners.get(version.promptId)
      return prompt === undefined ? [] : [{ prompt, version }]
    })
  }
  for await (const prompt of prompts)
    for (const version of prompt.versions) {
      const isFull = part.length === VERSIONS_AT_ONCE || bytes + version.bytes > BYTES_AT_ONCE
      if (isFull && part.length > 0) yield* await read()
      part.push({ prompt, number: version.number })
      bytes += version.bytes
    }
  if (part.length > 0) yield* await read()
}

/** Notes the versions that were asked for, and say nothing any more. */
async function* noting(
  prompts: AsyncIterable<Exported>,
  redacted: NonNullable<Manifest['redacted']>,
): AsyncGenerator<Exported> {
  for await (const prompt of prompts) {
    redacted.push(...prompt.redacted.map((version) => ({ name: prompt.name, version })))
    yield prompt
  }
}

/** The files of the prompts, and last what the bundle says of itself. */
async function* bundle(actor: Actor, prompts: AsyncIterable<Exported>): AsyncGenerator<PackedFile> {
  const { config, feed } = getRuntime()
  const listed: Manifest['prompts'] = []
  const redacted: NonNullable<Manifest['redacted']> = []
  for await (const { prompt, version } of withTexts(actor, noting(prompts, redacted))) {
    if (listed.length >= config.limits.export_files)
      throw overLimit('limits.export_files', `An export has at most ${config.limits.export_files} files`)
    const { path, text } = versionFile(prompt, version)
    const sha256 = createHash('sha256').update(text).digest('hex')
    const { number, checksum, includes } = version
    listed.push({
      name: prompt.name,
      version: number,
      checksum,
      path,
      sha256,
      ...(includes.length > 0 && { includes }),
      ...(prompt.included.has(number) && { included: true }),
    })
    yield { path, text }
  }
  const manifest: Manifest = {
    format_version: BUNDLE_FORMAT,
    source: {
      url: config.publicUrl,
      version: VERSION,
      exported_at: new Date().toISOString(),
      revision: feed.seen(actor.workspaceId),
    },
    prompts: listed,
    ...(redacted.length > 0 && { redacted }),
  }
  yield { path: MANIFEST, text: `${JSON.stringify(manifest, null, 2)}\n` }
}
