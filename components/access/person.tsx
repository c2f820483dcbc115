'use client'

import { createContext, type ReactNode, use } from 'react'
import type { Role, Scope } from '#lib/access/actor.ts'
import { reasonAgainst } from './rights-words.ts'

/** Who looks at the page, and what they may do. */
export interface Person {
  /** Of its actor. */
  id: string
  workspaceId: string
  name: string
  /** Of its account; null where there are none. */
  email: string | null
  role: Role
  scopes: readonly Scope[]
  /** Slugs of the categories that it may write in; null: in all. */
  categories: readonly string[] | null
  /** There are no accounts: everything is open to whoever is here. */
  isLocal: boolean
  /** What its role has to have before anything else is allowed. */
  must: readonly 'second_factor'[]
}

const Known = createContext<Person | undefined>(undefined)

export function PersonProvider({ person, children }: { person: Person | undefined; children: ReactNode }) {
  return <Known value={person}>{children}</Known>
}

const NOBODY: Person = {
  id: '',
  workspaceId: '',
  name: '',
  email: null,
  role: 'viewer',
  scopes: [],
  categories: [],
  isLocal: false,
  must: [],
}

/** The person of the page; one without any right where nobody is signed in. */
export function usePerson(): Person {
  return use(Known) ?? NOBODY
}

export function useMay(scope: Scope): boolean {
  return usePerson().scopes.includes(scope)
}

/**
 * Why the person of the page may not do something; undefined: they may.
 * @param category slug of the category that it happens in, null: none; left out: it is in no category's hands
 */
export function useReasonAgainst(scope: Scope, category?: string | null): string | undefined {
  return reasonAgainst(usePerson(), scope, category)
}
