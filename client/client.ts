import { setting } from './environment.ts'
import { guarded } from './guarded.ts'
import { isAway, isIncipitError } from './http/problem.ts'
import { Transport } from './http/transport.ts'
import { Follower } from './prompts/follower.ts'
import { asPromptVersion, type Loaded, renderLocally } from './prompts/loaded.ts'
import { type Found, PromptStore } from './prompts/prompt-store.ts'
import { promptPath } from './prompts/wire.ts'
import type {
  CallOptions,
  Client,
  ClientOptions,
  Outcome,
  PromptVersion,
  Rendered,
  RenderOptions,
  Selector,
  Source,
} from './public.ts'
import { Reporter, reportedDetails } from './reports/reporter.ts'
import { VERSION } from './version.ts'

const DEFAULT_URL = 'http://localhost:3000'
const CODES_OF_SERVER = new Set(['not_found', 'forbidden', 'unauthenticated'])

/** Makes a client of one instance. @throws IncipitError for an address that is none */
export function makeClient(options: ClientOptions = {}): Client {
  return new IncipitClient(options)
}

/** How a program calls itself, with what it calls by. */
export function userAgent(name: string | undefined, by: string): string {
  const own = name?.replaceAll(/[^\x20-\x7e]/g, '').trim()
  return own === undefined || own === '' ? `${by}/${VERSION}` : `${own} ${by}/${VERSION}`
}

class IncipitClient implements Client {
  readonly #options: ClientOptions
  readonly #transport: Transport
  readonly #store: PromptStore
  readonly #reporter: Reporter
  readonly #follower: Follower | undefined
  readonly #onError: (error: Error) => void
  #bundle: Promise<(name: string) => Loaded | undefined> | undefined

  constructor(options: ClientOptions) {
    this.#options = options
    this.#onError = guarded(options.onError)
    this.#transport = new Transport({
      url: options.url ?? setting('INCIPIT_URL') ?? DEFAULT_URL,
      key: options.key ?? setting('INCIPIT_API_KEY'),
      userAgent: userAgent(options.name, 'incipit-client'),
      timeoutMs: options.timeoutMs ?? 10_000,
      retries: options.retries ?? 2,
      fetch: options.fetch ?? fetch,
    })
    this.#store = new PromptStore(this.#transport, {
      label: options.label,
      ttlMs: options.ttlMs ?? 60_000,
      staleMs: options.staleMs ?? 600_000,
      entries: options.cacheEntries ?? 1_000,
      onError: this.#onError,
    })
    this.#reporter = new Reporter(this.#transport, options.reportMs ?? 5_000, this.#onError)
    if (options.follow)
      this.#follower = new Follower(this.#transport, this.#store, {
        onChange: guarded(options.onChange),
        onError: this.#onError,
      })
  }

  async get(name: string, options: CallOptions = {}): Promise<PromptVersion> {
    const { loaded, source } = await this.#find(name, options)
    return asPromptVersion(loaded, source)
  }

  async render(
    name: string,
    variables: Record<string, unknown> = {},
    options: RenderOptions = {},
  ): Promise<Rendered> {
    const where = options.where ?? this.#options.render ?? 'local'
    if (where === 'remote') return this.#renderThere(name, variables, options)
    const { loaded, source } = await this.#find(name, options)
    if (loaded.includes === undefined) return this.#renderThere(name, variables, options)
    return this.#renderHere(loaded, variables, source)
  }

  outcome(use: Rendered | string, outcome: Outcome): void {
    this.#reporter.outcome(use, outcome)
  }

  flush(): Promise<void> {
    return this.#reporter.flush()
  }

  async close(): Promise<void> {
    this.#follower?.close()
    await this.#reporter.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #renderHere(loaded: Loaded, variables: Record<string, unknown>, source: Source): Rendered {
    const { wire, label } = loaded
    const startedAt = performance.now()
    const use = () => ({
      prompt: wire.name,
      version: wire.version,
      ...(label !== null && { label }),
      variables: wire.variables.map((each) => each.name).filter((each) => isGiven(variables[each])),
      duration_us: Math.round((performance.now() - startedAt) * 1000),
    })
    const isReported = this.#options.report !== false && (source === 'server' || source === 'cache')
    try {
      const rendered = renderLocally(loaded, variables, source)
      if (isReported) this.#reporter.use(use(), rendered)
      return rendered
    } catch (error) {
      if (isReported && isIncipitError(error))
        this.#reporter.use({ ...use(), outcome: error.code, details: reportedDetails(error.details) })
      throw error
    }
  }

  async #renderThere(
    name: string,
    variables: Record<string, unknown>,
    options: RenderOptions,
  ): Promise<Rendered> {
    const { label, version, at } = this.#selectorOf(options)
    try {
      const { body } = await this.#transport.call<Omit<Rendered, 'source' | 'config'>>(
        promptPath(name, '/render'),
        {
          method: 'POST',
          body: { variables, label, version, at },
          signal: options.signal,
          isRepeatable: true,
        },
      )
      return { ...body, source: 'server', config: await this.#configOf(name, body.version) }
    } catch (error) {
      const found = await this.#standIn(name, options, error)
      return this.#renderHere(found.loaded, variables, found.source)
    }
  }

  /** What a run is to be made with is no part of a render's answer, and no reason to lose it. */
  async #configOf(name: string, version: number): Promise<Record<string, unknown>> {
    try {
      return (await this.#store.find(name, { version })).loaded.wire.config
    } catch (error) {
      if (error instanceof Error) this.#onError(error)
      return {}
    }
  }

  async #find(name: string, options: CallOptions): Promise<Found> {
    try {
      return await this.#store.find(name, this.#selectorOf(options), options.signal)
    } catch (error) {
      return this.#standIn(name, options, error)
    }
  }

  #selectorOf({ label, version, at }: Selector): Selector {
    if (version !== undefined) return { label, version, at }
    return { label: label ?? this.#options.label, at }
  }

  /** What is used when the server does not give a prompt: the bundle while it is away, then the call's own. */
  async #standIn(name: string, { fallback, signal }: CallOptions, error: unknown): Promise<Found> {
    if (signal?.aborted || !isIncipitError(error)) throw error
    if (isAway(error)) {
      const loaded = await this.#findInBundle(name, fallback !== undefined)
      if (loaded !== undefined) return { loaded, source: 'bundle' }
    }
    if (fallback === undefined || !(isAway(error) || CODES_OF_SERVER.has(error.code))) throw error
    this.#onError(error)
    const { loadFallback } = await import('./prompts/fallback.ts')
    return { loaded: loadFallback(name, fallback), source: 'fallback' }
  }

  /** @param hasFallback a bundle that cannot be read is told of beside, since something else stands in */
  async #findInBundle(name: string, hasFallback: boolean): Promise<Loaded | undefined> {
    const { bundle } = this.#options
    try {
      return bundle === undefined ? undefined : (await this.#openBundle(bundle))(name)
    } catch (error) {
      if (!hasFallback || !(error instanceof Error)) throw error
      this.#onError(error)
      return undefined
    }
  }

  /** Read when it is first needed, and anew after it could not be read. */
  async #openBundle(place: string): Promise<(name: string) => Loaded | undefined> {
    this.#bundle ??= import('./prompts/bundle.ts').then(async ({ findInBundle, readBundle }) => {
      const bundle = await readBundle(place)
      return (name: string) => findInBundle(bundle, name)
    })
    try {
      return await this.#bundle
    } catch (error) {
      this.#bundle = undefined
      throw error
    }
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'function'
}
