import { isAppError, overLimit } from '../../errors.ts'
import { parseJson } from '../../json.ts'
import { getRuntime } from '../../runtime.ts'
import type { SourceFile } from '../source.ts'
import { failedSource, wrongSource } from './faults.ts'
import { eachInTurn, type Question, Source } from './outgoing.ts'

export interface LangfuseAddress {
  url: string
  public_key: string
  secret_key: string
}

/** Prompts that its list has on a page. */
const PAGE = 100

/**
 * Fetches all prompts of a Langfuse project, each with all its versions, labels and tags, as files that the format
 * `langfuse` reads: one for each prompt.
 * @param signal aborted when nobody waits any more
 * @throws unprocessable for an address or keys that are refused, upstream_failed, too_large
 */
export async function fetchLangfuse(address: LangfuseAddress, signal?: AbortSignal): Promise<SourceFile[]> {
  const api = new Api(address, signal)
  const names = await api.list()
  const wanted = names.flatMap(({ name, versions }) => versions.map((version) => ({ name, version })))
  const { import_files: most } = getRuntime().config.limits
  if (wanted.length > most)
    throw overLimit(
      'limits.import_files',
      `The project has ${wanted.length} versions, at most ${most} come at once`,
      ['source', 'url'],
    )
  const bodies = await eachInTurn(wanted, ({ name, version }) => api.version(name, version))
  const byName = Map.groupBy(bodies, (_, index) => wanted[index]?.name ?? '')
  return [...byName].map(([name, list]) => ({
    path: `langfuse/${name}.json`,
    bytes: new TextEncoder().encode(
      JSON.stringify(
        list.filter((body) => body !== undefined),
        null,
        1,
      ),
    ),
  }))
}

interface Named {
  name: string
  versions: number[]
}

class Api {
  readonly #source: Source
  readonly #base: string
  readonly #headers: Record<string, string>

  constructor({ url, public_key, secret_key }: LangfuseAddress, signal: AbortSignal | undefined) {
    this.#source = new Source(signal)
    this.#base = `${url.replace(/\/+$/, '').replace(/\/api\/public(?:\/v2)?(?:\/prompts)?$/, '')}/api/public/v2/prompts`
    const keys = Buffer.from(`${public_key}:${secret_key}`).toString('base64')
    this.#headers = { authorization: `Basic ${keys}`, accept: 'application/json' }
  }

  async list(): Promise<Named[]> {
    const found = new Map<string, Set<number>>()
    const { import_files: most } = getRuntime().config.limits
    for (let page = 1; ; page++) {
      const answer = await this.#get(`?page=${page}&limit=${PAGE}`, 'The list of its prompts')
      const { data, meta } = fieldsOf(answer)
      if (!Array.isArray(data))
        throw failedSource('The list of its prompts has no "data": this is no Langfuse.')
      for (const entry of data) addTo(found, fieldsOf(entry))
      const pages = Number(fieldsOf(meta).totalPages)
      const isLast = Number.isFinite(pages) ? page >= pages : data.length < PAGE
      if (isLast || data.length === 0)
        return [...found].map(([name, versions]) => ({ name, versions: [...versions].sort((a, b) => a - b) }))
      if (found.size > most)
        throw overLimit('limits.import_files', `The project has more than ${most} prompts`, ['source', 'url'])
    }
  }

  /** Includes stay as they are written. @returns undefined: it was deleted in the meantime */
  async version(name: string, version: number): Promise<unknown> {
    const what = `Version ${version} of ${name}`
    const path = name.split('/').map(encodeURIComponent).join('%2F')
    return await this.#get(`/${path}?version=${version}&resolve=false`, what, true)
  }

  async #get(path: string, what: string, canBeGone = false): Promise<unknown> {
    const question: Question = { method: 'GET', headers: this.#headers, what }
    const { status, text } = await this.#source.ask(new URL(this.#base + path), question)
    if (status === 401 || status === 403)
      throw wrongSource('secret_key', 'refused_keys', `${what}: the keys are refused (${status}).`)
    if (status === 404 && canBeGone) return undefined
    if (status === 404)
      throw wrongSource('url', 'not_found', `${what}: there is no Langfuse at this address (404).`)
    if (status !== 200) throw failedSource(`${what}: it answered with ${status}.`)
    return readAnswer(text, what)
  }
}

function addTo(found: Map<string, Set<number>>, { name, versions, version }: Record<string, unknown>): void {
  if (typeof name !== 'string' || name === '') return
  const known = found.get(name) ?? new Set<number>()
  for (const each of Array.isArray(versions) ? versions : [version])
    if (Number.isSafeInteger(each)) known.add(Number(each))
  found.set(name, known)
}

const DEPTH = 200

/** Reads an answer that should be JSON. */
export function readAnswer(text: string, what: string): unknown {
  try {
    return parseJson(text, { depth: DEPTH })
  } catch (error) {
    if (!isAppError(error)) throw error
    throw failedSource(`${what}: its answer is no JSON.`)
  }
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
