'use client'

import { useEffect, useState } from 'react'
import { lastingPart } from '#components/ui/part.ts'
import type { prepare, usesOf } from './template-engine.ts'

const loadTemplateEngine = lastingPart(() => import('./template-engine.ts'))

export interface Engine {
  prepare: typeof prepare
  usesOf: typeof usesOf
}

/** The template language, which comes after the page. */
export function useEngine(): Engine | undefined {
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
