'use client'

import { useEffect } from 'react'
import { rememberPrompt } from './recent-prompts.ts'

/** Stands on a prompt's page, so that the palette and the not-found page offer it again. */
export function RememberPrompt({ name, title }: { name: string; title: string }) {
  useEffect(() => rememberPrompt({ name, title }), [name, title])
  return null
}
