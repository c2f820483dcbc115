'use client'

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { lastingPart, part } from '#components/ui/part.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'
import { templateFields } from '#lib/prompts/content/content-fields.ts'
import { useDebounced } from '../use-debounced.ts'
import { type FormValues, givenValues } from './form-values.ts'
import type { RenderRequest } from './read-render.ts'
import type { Outcome, prepare, Rendered, Uses, usesOf } from './template-engine.ts'
import { type UsedVersion, useIncludes } from './use-includes.ts'

/** The content and the variables of the editor at the moment. */
export interface Draft {
  content: PromptContent
  variables: readonly Variable[]
}

/** The rendered draft, as the panel shows it. */
export interface Live {
  /** The declared variables, then those that the text uses all the same. */
  variables: readonly Variable[]
  undeclared: ReadonlySet<string>
  /** Undefined until the first attempt has ended. */
  outcome: Outcome | undefined
  /** The newest result that was a whole one; not `outcome` while something is missing or wrong. */
  shown: Rendered | undefined
  includes: readonly UsedVersion[]
  by: 'page' | 'server'
  isWaiting: boolean
  /** Renders with the form's values of this moment; `outcome` lags a little behind the typing. */
  runNow: () => Outcome | undefined
}

const NO_USES: Uses = { undeclared: [], includes: [], isBroken: false }
/** From this many characters on, parsing after each letter could be felt: it waits for a pause. */
const LONG = 30_000
const LONG_PAUSE_MS = 200

/**
 * Renders a draft after each change of its text or values, in the page, with the very module that the
 * server uses. Typing goes first: a render that a newer letter overtakes is dropped.
 * @param pinned the includes of the saved version, when the draft is that version
 */
export function useLiveRender(draft: Draft, values: FormValues, pinned: IncludeTree | undefined): Live {
  const engine = useEngine()
  const deferred = useDeferredValue(draft)
  const { content, variables: declared } = useDebounced(deferred, isLong(deferred) ? LONG_PAUSE_MS : 0)
  const uses = useLastWhole(useMemo(() => engine?.usesOf(content, declared), [engine, content, declared]))
  const variables = useMemo(() => withUndeclared(declared, uses.undeclared), [declared, uses])
  const includes = useIncludes(uses.includes, pinned)
  const render = useMemo(
    () => (includes.isKnown ? engine?.prepare(content, variables, includes.tree) : undefined),
    [engine, content, variables, includes.isKnown, includes.tree],
  )
  const wanted = useDeferredValue(values)
  const given = useMemo(() => givenValues(variables, wanted), [variables, wanted])
  const own = useMemo(() => render?.(given), [render, given])

  const isHeavy = own?.state === 'heavy' || includes.error !== undefined
  const server = useServerRender(
    useMemo(
      () => (isHeavy ? { content, variables, values: given } : undefined),
      [isHeavy, content, variables, given],
    ),
  )
  const outcome = isHeavy ? server.outcome : own
  return {
    variables: useMemo(() => withUndeclared(draft.variables, uses.undeclared), [draft.variables, uses]),
    undeclared: useMemo(() => new Set(uses.undeclared.map(({ name }) => name)), [uses]),
    outcome,
    shown: useLastRendered(outcome),
    includes: includes.versions,
    by: isHeavy ? 'server' : 'page',
    runNow: () => (isHeavy ? server.outcome : render?.(givenValues(variables, values))),
    isWaiting: isHeavy ? server.isWaiting : own === undefined,
  }
}

function isLong({ content }: Draft): boolean {
  return templateFields(content).reduce((sum, { text }) => sum + text.length, 0) > LONG
}

function withUndeclared(declared: readonly Variable[], undeclared: readonly Variable[]): readonly Variable[] {
  const names = new Set(declared.map(({ name }) => name))
  const others = undeclared.filter(({ name }) => !names.has(name))
  return others.length === 0 ? declared : [...declared, ...others]
}

/** While a text is broken, its last uses stay: fields do not come and go with each letter. */
function useLastWhole(uses: Uses | undefined): Uses {
  const [last, setLast] = useState(NO_USES)
  if (uses === undefined || uses === last || uses.isBroken) return last
  setLast(uses)
  return uses
}

function useLastRendered(outcome: Outcome | undefined): Rendered | undefined {
  const [last, setLast] = useState<Rendered>()
  if (outcome?.state !== 'rendered' || outcome === last) return last
  setLast(outcome)
  return outcome
}

const loadTemplateEngine = lastingPart(() => import('./template-engine.ts'))

interface Engine {
  prepare: typeof prepare
  usesOf: typeof usesOf
}

/** The template language, which comes after the page. */
function useEngine(): Engine | undefined {
  const [engine, setEngine] = useState<Engine>()
  useEffect(() => {
    let wanted = true
    const load = async () => {
      const loaded = await loadTemplateEngine()
      if (wanted) setEngine(loaded)
    }
    void load()
    return () => {
      wanted = false
    }
  }, [])
  return engine
}

const loadReadRender = part(() => import('./read-render.ts'))

/** Milliseconds without a change after which the server is asked. */
const PAUSE_MS = 350

interface ServerRender {
  outcome: Outcome | undefined
  isWaiting: boolean
}

/**
 * Has the server render a draft that is too heavy for the page, once typing pauses; an answer that a newer
 * letter overtakes is dropped.
 * @param request left out while the page renders itself
 */
function useServerRender(request: RenderRequest | undefined): ServerRender {
  const settled = useDebounced(request, PAUSE_MS)
  const key = useMemo(() => JSON.stringify(settled), [settled])
  const { data, error, isFetching } = useQuery({
    queryKey: ['prompts', 'render-draft', key],
    queryFn: async ({ signal }): Promise<Outcome | null> =>
      settled === undefined ? null : (await loadReadRender()).readRender(settled, signal),
    enabled: settled !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  })
  if (request === undefined) return { outcome: undefined, isWaiting: false }
  if (settled !== request || isFetching) return { outcome: undefined, isWaiting: true }
  if (error) return { outcome: { state: 'failed', message: error.message }, isWaiting: false }
  return { outcome: data ?? undefined, isWaiting: false }
}
