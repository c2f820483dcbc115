'use client'

import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { PromptSource } from '#lib/prompts/template/types.ts'
import type { Variable } from '#lib/prompts/variables/variable.ts'
import { type FormValues, givenValues } from './form-values.ts'
import type { Outcome, prepare, Render } from './template-engine.ts'

interface Engine {
  prepare: typeof prepare
}

/**
 * Renders in the browser, with the very module that the server uses, after each change of the values.
 * @returns undefined until the module is there
 */
export function useTestRender(source: PromptSource, values: FormValues): Outcome | undefined {
  const engine = useEngine()
  const render = useMemo<Render | undefined>(() => engine?.prepare(source), [engine, source])
  // Typing goes first: a render that a newer letter overtakes is dropped.
  const wanted = useDeferredValue(values)
  const variables = source.variables as Variable[]
  return useMemo(() => render?.(givenValues(variables, wanted)), [render, variables, wanted])
}

function useEngine(): Engine | undefined {
  const [engine, setEngine] = useState<Engine>()
  useEffect(() => {
    let wanted = true
    const load = async () => {
      const loaded = await import('./template-engine.ts')
      if (wanted) setEngine(loaded)
    }
    void load()
    return () => {
      wanted = false
    }
  }, [])
  return engine
}
