'use client'

import { useEffect } from 'react'
import { own } from '#components/browser-state/own-storage.ts'

/** A prompt that was opened here lately. */
export interface RecentPrompt {
  name: string
  title: string
}

const KEY = 'incipit-recent'
const MOST = 8

/** The stored text. */
export function keptRecent(): string {
  try {
    return own.read(KEY) ?? '[]'
  } catch {
    return '[]'
  }
}

/** The prompts that this browser opened last, the newest first. An unreadable record counts as none. */
export function readRecent(text = keptRecent()): RecentPrompt[] {
  try {
    const kept: unknown = JSON.parse(text)
    return Array.isArray(kept) ? kept.filter(isRecent).slice(0, MOST) : []
  } catch {
    return []
  }
}

/** Puts a prompt first, once, under its present title. */
function rememberPrompt({ name, title }: RecentPrompt): void {
  keep([{ name, title }, ...readRecent().filter((other) => other.name !== name)])
}

/** Drops a name that leads nowhere any more. */
export function forgetPrompt(name: string): void {
  keep(readRecent().filter((other) => other.name !== name))
}

function keep(prompts: RecentPrompt[]): void {
  try {
    own.write(KEY, JSON.stringify(prompts.slice(0, MOST)))
  } catch {
    // Storage is full or forbidden: then nothing is remembered.
  }
}

function isRecent(value: unknown): value is RecentPrompt {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'title' in value &&
    typeof value.title === 'string'
  )
}

/** Stands on a prompt's page, so that the palette and the not-found page offer it again. */
export function RememberPrompt({ name, title }: { name: string; title: string }) {
  useEffect(() => rememberPrompt({ name, title }), [name, title])
  return null
}
