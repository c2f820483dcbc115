'use client'

import { createContext, type ReactNode, use } from 'react'
import { showToast } from '#components/ui/toast.ts'
import type { Role, Scope } from '#lib/access/rules.ts'
import { reasonAgainst } from './reason.ts'

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

const Category = createContext<string | null | undefined>(undefined)

/** What stands in it is about a prompt of a category, by its slug; null: of none. */
export function InCategory({ category, children }: { category: string | null; children: ReactNode }) {
  return <Category value={category}>{children}</Category>
}

/** Why the person of the page may not do something; undefined: they may. On the pages of a prompt its category counts. */
export function useReasonAgainst(scope: Scope): string | undefined {
  return reasonAgainst(usePerson(), scope, use(Category))
}

/** Does something that takes a right, or says why it is not done. */
export function useGuard(): (scope: Scope, run: () => void) => () => void {
  const person = usePerson()
  const category = use(Category)
  return (scope, run) => {
    const reason = reasonAgainst(person, scope, category)
    return reason === undefined ? run : () => void showToast({ key: 'reason', message: reason })
  }
}
