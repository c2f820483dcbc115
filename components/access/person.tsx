'use client'

import { createContext, type ReactNode, use } from 'react'
import type { Role, Scope } from '#lib/access/actor.ts'

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
