'use client'

import { useEffect, useState } from 'react'
import type { prepare, usesOf } from './template-engine.ts'

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
